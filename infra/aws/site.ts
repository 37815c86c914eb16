import { CfnOutput, Stack } from 'aws-cdk-lib'
import { Distribution, HttpVersion, PriceClass } from 'aws-cdk-lib/aws-cloudfront'
import type { IFunctionUrl } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { siteFolder } from '../../dashboard/build.ts'
import type { FrontDoor } from './front-door.ts'
import type { Settings } from './settings.ts'
import { acknowledgeDistribution } from './site/acknowledgements.ts'
import { errorAnswers } from './site/error-answers.ts'
import { ownDomain } from './site/own-domain.ts'
import { pageBehavior, pageBucket } from './site/page.ts'
import { deployPage } from './site/page-deployment.ts'
import { places } from './site/places.ts'
import { readsBehavior } from './site/reads.ts'
import { votesBehavior } from './site/votes.ts'

export type SiteParts = {
  settings: Pick<Settings, 'domain'>
  frontDoor: Pick<FrontDoor, 'origin' | 'edge'>
  /** The scoreboard's; it must take signed requests only. */
  reads: IFunctionUrl
  /** The built page. @default dashboard/dist */
  folder?: string
}

/** One base URL for everything: the page, the reads, cached for a second, and votes, passed through to the front door. */
export class Site extends Construct {
  readonly distribution: Distribution
  /** Without a slash at its end. */
  readonly url: string

  constructor(scope: Construct, id: string, { settings, frontDoor, reads, folder = siteFolder }: SiteParts) {
    super(scope, id)
    const { domain } = settings
    const bucket = pageBucket(this)
    const behaviors = { votes: votesBehavior(this, frontDoor), reads: readsBehavior(this, reads) }
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `${Stack.of(this).stackName}: Placar`,
      defaultRootObject: 'index.html',
      defaultBehavior: pageBehavior(this, bucket),
      additionalBehaviors: Object.fromEntries(
        places.map(({ pattern, place }) => [pattern, behaviors[place]]),
      ),
      errorResponses: errorAnswers(),
      httpVersion: HttpVersion.HTTP2_AND_3,
      // Both cheaper classes leave out South America and Australia, and an audience is where it is.
      priceClass: PriceClass.PRICE_CLASS_ALL,
      ...(domain === undefined ? {} : ownDomain(this, domain)),
    })
    const { domainName } = this.distribution
    this.url = `https://${domain?.name ?? domainName}`
    deployPage(this, { folder, bucket, distribution: this.distribution })
    acknowledgeDistribution(this.distribution, { ownDomain: domain !== undefined })

    // In the stack's scope, so that the output has this very name.
    new CfnOutput(Stack.of(this), 'SiteUrl', { value: this.url, description: 'The page, and every route' })
    if (domain !== undefined)
      new CfnOutput(Stack.of(this), 'SiteTarget', {
        value: domainName,
        description: `What the DNS name ${domain.name} has to point to (CNAME or alias)`,
      })
  }
}
