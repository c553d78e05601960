import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import { resolveModel } from '../../features/sentiment/index.ts'
import { type Finding, fail, messageOf, ok } from './finding.ts'

export async function checkModel({ sentiment, dataFolder }: Config): Promise<Finding> {
  const what = 'sentiment model'
  try {
    const folder = join(dataFolder, 'models')
    const { id } = await resolveModel({ model: sentiment.model, folder })
    return ok(what, id)
  } catch (error) {
    const advice = '`npm run earshot -- model fetch <name>`, or leave SENTIMENT_MODEL out.'
    return fail(what, messageOf(error), advice)
  }
}
