import { createHash } from 'node:crypto'
import { access, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { AppError } from '../../../../core/errors.ts'
import { preparationVersion } from '../scorer/text-preparation.ts'
import { digestFile } from './file-digest.ts'
import { type ClassPositions, classPositions } from './model-labels.ts'
import { ModelManifest, manifestFile } from './model-manifest.ts'

/** A model on this machine, ready to be loaded. Plain data: it travels to the scoring process. */
export type ModelSpec = {
  name: string
  /** name@hash: changes with any file a score depends on, so no old cache row answers for it. */
  id: string
  folder: string
  /** The weights' file name inside `folder`/onnx. */
  weights: string
  classes: ClassPositions
  maxTokens: number
  /** true: the weights' arithmetic looks at the whole batch, so each text has to go alone. */
  scoresAlone: boolean
}

export const defaultModelFolder = '.earshot/models'
export const textFiles = ['config.json', 'tokenizer.json', 'tokenizer_config.json'] as const
const shippedName = 'sentiment-mini'
const shippedFolder = fileURLToPath(
  new URL(`../../../../../models/${shippedName}`, import.meta.url),
)

// The exact ones first: where several are there, the better scores are wanted.
const weightFiles = ['model.onnx', 'model_weightonly_int8.onnx', 'model_quantized.onnx']

const ModelName = z.string().regex(/^[a-zA-Z0-9][\w.-]*\/[a-zA-Z0-9][\w.-]*$/)

/** Where a fetched model lies: `<folder>/<org>/<name>`. */
export function fetchedModelFolder(name: string, folder: string): string {
  if (ModelName.safeParse(name).success) return path.join(path.resolve(folder), ...name.split('/'))
  const message = `"${name}" is not a model's name; it looks like "organisation/model"`
  throw new AppError('invalid_input', message)
}

/**
 * Finds the model to score with: the shipped one (`model` null), or the one of that name that
 * `model fetch` put into `folder`. Reads its files once, to name them by their content.
 * Errors: `unavailable` when it was not fetched or is damaged, `invalid_input` when its classes
 * are not negative, neutral and positive.
 */
export async function resolveModel({
  model,
  folder = defaultModelFolder,
}: {
  model: string | null
  folder?: string
}): Promise<ModelSpec> {
  if (model === null || model === shippedName) return readModel(shippedName, shippedFolder)
  const fetched = fetchedModelFolder(model, folder)
  if (await exists(path.join(fetched, 'config.json'))) return readModel(model, fetched)
  throw new AppError(
    'unavailable',
    `The sentiment model ${model} is not on this machine: run "npm run earshot -- model fetch"`,
  )
}

/** Describes the model that lies in `folder`, whatever its name there. */
export async function readModel(name: string, folder: string): Promise<ModelSpec> {
  const weights = await findWeights(name, folder)
  const config = await readConfig(name, folder)
  const tokenizer = await readJson(
    TokenizerConfig,
    name,
    path.join(folder, 'tokenizer_config.json'),
  )
  const files = [...textFiles, `onnx/${weights}`]
  const digests = await Promise.all(files.map((file) => digestFile(path.join(folder, file))))
  await compareWithManifest(
    name,
    folder,
    new Map(files.map((file, i) => [file, digests[i]?.sha256])),
  )
  const hash = createHash('sha256').update(`preparation ${preparationVersion}`)
  for (const { sha256 } of digests) hash.update(sha256)
  return {
    name,
    id: `${name}@${hash.digest('hex').slice(0, 12)}`,
    folder,
    weights,
    classes: classPositions(name, config.id2label),
    maxTokens: tokensRead(config, tokenizer),
    scoresAlone: digests.some((digest) => digest.scalesByBatch),
  }
}

const ModelConfig = z.object({
  id2label: z.record(z.string(), z.string()).default({}),
  model_type: z.string().default(''),
  max_position_embeddings: z.number().default(512),
  pad_token_id: z.number().nullish(),
})
const TokenizerConfig = z.object({ model_max_length: z.number().nullish() })

const readConfig = (name: string, folder: string) =>
  readJson(ModelConfig, name, path.join(folder, 'config.json'))

/** The classes alone, or the error that says why the model is unfit. */
export const readClasses = async (name: string, folder: string): Promise<ClassPositions> =>
  classPositions(name, (await readConfig(name, folder)).id2label)

/** RoBERTa's positions count from after the padding's id: 514 of them read 512 tokens. */
function tokensRead(
  config: z.infer<typeof ModelConfig>,
  tokenizer: z.infer<typeof TokenizerConfig>,
): number {
  const offset = /roberta|camembert/.test(config.model_type) ? (config.pad_token_id ?? 1) + 1 : 0
  const positions = config.max_position_embeddings - offset
  return Math.min(512, positions, tokenizer.model_max_length ?? 512)
}

async function compareWithManifest(
  name: string,
  folder: string,
  found: ReadonlyMap<string, string | undefined>,
): Promise<void> {
  const file = path.join(folder, manifestFile)
  if (!(await exists(file))) return
  const manifest = await readJson(ModelManifest, name, file)
  for (const [wanted, { sha256 }] of Object.entries(manifest.files)) {
    if (found.has(wanted) && found.get(wanted) !== sha256) throw damaged(name, `${wanted} changed`)
  }
}

async function findWeights(name: string, folder: string): Promise<string> {
  for (const file of weightFiles) if (await exists(path.join(folder, 'onnx', file))) return file
  throw damaged(name, `onnx/ holds none of ${weightFiles.join(', ')}`)
}

async function readJson<T>(schema: z.ZodType<T>, name: string, file: string): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (cause) {
    throw damaged(name, `${path.basename(file)} cannot be read`, cause)
  }
}

const damaged = (name: string, what: string, cause?: unknown) =>
  new AppError('unavailable', `The sentiment model ${name} is damaged (${what}): fetch it again`, {
    cause,
  })

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  )
