import { parentPort, workerData } from 'node:worker_threads'
import { type Attack, attacks, person, wrongPerSecond } from './attack.ts'
import { atPace, clientOf } from './load.ts'

const { url, attack } = workerData as { url: string; attack: Attack }
const client = clientOf(url)
let wrongs = 0

/** Half for an account that is there, half for ones that are not. */
async function wrong(): Promise<number> {
  wrongs += 1
  const email = wrongs % 2 ? person.email : `nobody-${wrongs}@example.org`
  const from = attacks[attack].from(wrongs)
  return (await client.login({ email, password: `wrong-${wrongs}`, from })).status
}

parentPort?.on('message', (seconds: number) => {
  void atPace(wrongPerSecond, seconds, wrong).then((samples) => parentPort?.postMessage(samples))
})
