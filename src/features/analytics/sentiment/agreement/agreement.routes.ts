import type { Context } from '../../../../context.ts'
import { route } from '../../../../http/route.ts'
import { frameOf } from '../../frame/answer.ts'
import { wholeQuarters } from '../../frame/buckets.ts'
import { cached } from '../../frame/cached.ts'
import { definitionsOf } from '../../frame/definitions.ts'
import { scopeOf } from '../../frame/scope.ts'
import type { MoodScope } from '../texts.ts'
import { apart, presentAgreement } from './agreement.presenter.ts'
import { countLabels, labelVersion } from './agreement.queries.ts'
import { Agreement, AgreementQuery } from './agreement.schemas.ts'
import { driftOf } from './drift.service.ts'

async function answer(ctx: Context, { zone, texts, ...asked }: AgreementQuery) {
  const scope: MoodScope = { ...wholeQuarters(scopeOf(asked, ctx)), texts }
  const found = await countLabels(ctx.em, scope, zone)
  const models = apart(found, 'model').map(([model, rows]) => ({
    model,
    ...presentAgreement(rows),
  }))
  const months = apart(found, 'month').map(([month, rows]) => ({
    month,
    ...presentAgreement(rows),
  }))
  return {
    ...(await frameOf(ctx, scope)),
    definitions: definitionsOf([
      'label_agreement',
      'macro_recall',
      'cohens_kappa',
      'stability_index',
      'chi_square_p',
    ]),
    zone,
    total: presentAgreement(found),
    models: models.toSorted((one, other) => other.n - one.n),
    months: months.toSorted((one, other) => (one.month < other.month ? -1 : 1)),
    drift: await driftOf(ctx.em, scope),
  }
}

const show = route({
  method: 'get',
  path: '/api/analytics/sentiment/agreement',
  tag: 'Analytics',
  summary: 'How far the model agrees with people, and whether its answers drift',
  description:
    'Labels by the time of labelling. Below 30 labels (or texts, for drift) no figure is told. People ' +
    'tend to label what looks wrong to them: the model’s agreement with all texts is rather higher.',
  access: 'user',
  query: AgreementQuery,
  status: 200,
  response: Agreement,
  handler: async ({ ctx, actor, query }) => {
    const question = { ...query, labels: await labelVersion(ctx.em) }
    return cached(ctx, actor, 'sentiment/agreement', question, (ctx) => answer(ctx, query))
  },
})

export const agreementRoutes = [show]
