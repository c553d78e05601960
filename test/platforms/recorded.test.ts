import { expect, test } from '@jest/globals'
import { describeWith } from '../sandbox/reference.ts'
import { lossesOf, recordedBodies } from '../support/specs/recorded-bodies.ts'
import { misreadings, recordedRefusals } from '../support/specs/recorded-refusals.ts'
import { hasReference } from '../support/specs/reference.ts'

/** Answers that the platforms once gave, kept beside the repository and never in it. */
const here = hasReference('specs')
const bodies = here ? recordedBodies() : []
const refusals = here ? recordedRefusals() : []

describeWith('specs', 'recorded answers', () => {
  test('there are some of each platform', () => {
    const count = (platform: string) => bodies.filter((one) => one.platform === platform).length
    for (const platform of ['twitch', 'twitter', 'youtube', 'reddit']) {
      expect([platform, count(platform) > 9]).toEqual([platform, true])
    }
  })

  test.each(bodies)('$shape.name: $name', (recorded) => {
    expect(lossesOf(recorded)).toEqual([])
  })

  test.each(refusals)('$platform $status $name', async (refusal) => {
    expect(await misreadings(refusal)).toEqual([])
  })
})
