import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../../../../core/errors.ts'
import type { Logger } from '../../../../core/logger.ts'
import { download } from './hub-download.ts'
import {
  defaultModelFolder,
  fetchedModelFolder,
  type ModelSpec,
  readClasses,
  readModel,
  textFiles,
} from './model-files.ts'
import { type ModelManifest, manifestFile } from './model-manifest.ts'

export type FetchProgress = { file: string; receivedBytes: number; totalBytes: number | null }

type FetchOptions = {
  folder?: string
  baseUrl?: string
  revision?: string
  /** true: the int8 weights, a quarter of the size; not quite the scores the model is known for. */
  quantized?: boolean
  log: Pick<Logger, 'info'>
  onProgress?: (progress: FetchProgress) => void
  signal?: AbortSignal
}

/** Where the ONNX weights of models that publish none themselves are. */
const conversions = new Map([
  [
    'cardiffnlp/twitter-roberta-base-sentiment-latest',
    'Xenova/twitter-roberta-base-sentiment-latest',
  ],
  [
    'cardiffnlp/twitter-roberta-base-sentiment',
    'onnx-community/twitter-roberta-base-sentiment-ONNX',
  ],
])

/**
 * Downloads a model from a hub that is laid out like Hugging Face's into `<folder>/<org>/<name>`
 * and describes it. It is moved there only when complete and usable: an earlier copy stays in
 * place until then. Errors: `not_found`, `invalid_input` (unfit classes), `unavailable`.
 */
export async function fetchModel(name: string, options: FetchOptions): Promise<ModelSpec> {
  const target = fetchedModelFolder(name, options.folder ?? defaultModelFolder)
  const arriving = path.join(path.dirname(target), `.arriving-${path.basename(target)}`)
  const source = conversions.get(name) ?? name
  await rm(arriving, { recursive: true, force: true })
  await mkdir(path.join(arriving, 'onnx'), { recursive: true })
  try {
    const manifest = await fetchFiles(name, source, arriving, options)
    await writeFile(path.join(arriving, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`)
    // Read there once more: what does not agree with its manifest never reaches its place.
    await readModel(name, arriving)
    await replaceFolder(arriving, target)
  } finally {
    await rm(arriving, { recursive: true, force: true })
  }
  options.log.info({ model: name, source, folder: target }, 'Sentiment model fetched')
  return readModel(name, target)
}

async function fetchFiles(
  name: string,
  source: string,
  folder: string,
  { baseUrl = 'https://huggingface.co', revision = 'main', ...options }: FetchOptions,
): Promise<ModelManifest> {
  const manifest: ModelManifest = { name, source, revision, files: {} }
  const take = async (file: string) => {
    // The first answer names the commit: what follows comes from the same one.
    const url = `${baseUrl.replace(/\/$/, '')}/${source}/resolve/${manifest.revision}/${file}`
    const answer = await download(url, path.join(folder, file), {
      signal: options.signal,
      onBytes: (receivedBytes, totalBytes) =>
        options.onProgress?.({ file, receivedBytes, totalBytes }),
    })
    if (!answer) return false
    manifest.files[file] = { bytes: answer.bytes, sha256: answer.sha256 }
    manifest.revision = answer.commit ?? manifest.revision
    return true
  }
  for (const file of textFiles) {
    if (!(await take(file))) throw lacks(source, file)
    // Half a gigabyte need not arrive to learn that a model's classes are not ours.
    if (file === 'config.json') await readClasses(name, folder)
  }
  for (const weights of options.quantized ? quantizedFirst : exactFirst) {
    if (await take(weights)) return manifest
  }
  throw lacks(source, exactFirst.join(' or '))
}

const exactFirst = ['onnx/model.onnx', 'onnx/model_quantized.onnx']
const quantizedFirst = exactFirst.toReversed()

const lacks = (source: string, file: string) =>
  new AppError('not_found', `${source} publishes no ${file}, which transformers.js needs`)

async function replaceFolder(fresh: string, target: string): Promise<void> {
  const former = path.join(path.dirname(target), `.former-${path.basename(target)}`)
  await rm(former, { recursive: true, force: true })
  await rename(target, former).catch(ignoreAbsent)
  await rename(fresh, target)
  await rm(former, { recursive: true, force: true })
}

function ignoreAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
