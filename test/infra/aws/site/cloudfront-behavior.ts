import type { Place } from '../../../../infra/aws/site/places.ts'

type Behavior = { PathPattern?: string; TargetOriginId: string }
type Origin = { Id: string; S3OriginConfig?: object; OriginPath?: string }
export type DistributionConfig = {
  CacheBehaviors: Behavior[]
  DefaultCacheBehavior: Behavior
  Origins: Origin[]
}

/**
 * Where a synthesized distribution sends a path, by CloudFront's rules (its developer guide, "Cache behavior settings"): the
 * path is made plain as RFC 3986 says, slashes that stand together become one, and the first pattern that matches decides;
 * `*` stands for any number of characters and `?` for one, in upper or lower case as written.
 */
export const placeOf = (config: DistributionConfig, path: string): Place => {
  const plain = new URL(`https://edge.example${path}`).pathname.replaceAll(/\/{2,}/g, '/')
  const { TargetOriginId } =
    config.CacheBehaviors.find(({ PathPattern = '*' }) => expression(PathPattern).test(plain)) ??
    config.DefaultCacheBehavior
  const origin = config.Origins.find(({ Id }) => Id === TargetOriginId)
  if (origin === undefined) throw new Error(`${path} leads to no origin`)
  if (origin.S3OriginConfig !== undefined) return 'page'
  return origin.OriginPath === undefined ? 'reads' : 'votes'
}

const expression = (pattern: string): RegExp => {
  const literal = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`)
}
