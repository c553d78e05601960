// A client of its own process: reads whatever it is told to over IPC, and says how many bytes came.
import { get } from 'node:http'

process.on('message', (url) => {
  get(url, (response) => {
    let bytes = 0
    response.on('data', (chunk) => {
      bytes += chunk.length
    })
    response.on('end', () => process.send({ bytes }))
    response.on('error', (error) => process.send({ error: error.message }))
  })
})
