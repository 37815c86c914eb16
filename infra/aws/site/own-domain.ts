import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import { type DistributionProps, SecurityPolicyProtocol } from 'aws-cdk-lib/aws-cloudfront'
import type { Construct } from 'constructs'
import type { Settings } from '../settings.ts'

/** A name of the owner's, with its certificate and TLS 1.2 at least. The DNS record is the owner's to make. */
export const ownDomain = (
  scope: Construct,
  { name, certificateArn }: NonNullable<Settings['domain']>,
): Pick<DistributionProps, 'domainNames' | 'certificate' | 'minimumProtocolVersion'> => ({
  domainNames: [name],
  certificate: Certificate.fromCertificateArn(scope, 'Certificate', certificateArn),
  minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
})
