import { type Refusal, refusal } from '../../aws/service.ts'
import { accountId, region, type Stream } from '../stream.ts'

/** AWS's default for an account and Region (quotas, service-sizes-and-limits). */
export const onDemandQuota = 50

export const onDemandCount = (streams: readonly Stream[]): number =>
  streams.filter(({ mode }) => mode === 'ON_DEMAND').length

/** The refusal of one more on-demand stream where there would be too many. The words are ours. */
export const refuseOverOnDemandQuota = (streams: readonly Stream[]): Refusal | undefined =>
  onDemandCount(streams) < onDemandQuota
    ? undefined
    : refusal(
        'LimitExceededException',
        `The account ${accountId} has ${onDemandQuota} on-demand streams in ${region}, the most there can be.`,
      )
