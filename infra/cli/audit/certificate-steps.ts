import type { Certificate, CertificateText } from '../../../aggregators/audit/certificate.ts'

/** One step of checking a certificate: what it shows, and the command. */
export type CheckStep = { says: string; command: string }

/** How to check a certificate without trusting this page; docs/audit-format.md has the same for the archive itself. */
export const checkSteps = (
  { poll }: CertificateText,
  { sha256, signature }: Certificate,
  fileName: string,
): CheckStep[] => [
  {
    says: 'Recount the archive yourself; it also compares this certificate. docs/audit-format.md says what the files hold, for a checker of your own. The heads must be those that were published when the poll became final.',
    command: `npm run audit -- verify --poll ${poll.id} --from FOLDER --certificate ${fileName}`,
  },
  {
    says: 'The body must have this hash.',
    command: `jq -j .body ${fileName} > body.json && sha256sum body.json\n${sha256}`,
  },
  ...(signature === null ? [] : signatureSteps(fileName)),
]

const signatureSteps = (fileName: string): CheckStep[] => [
  {
    says: 'The signature must be good, and the key one that the issuer has published elsewhere: the one in here proves nothing by itself.',
    command: `jq -r .signature.publicKey ${fileName} > key.pem
jq -r .signature.value ${fileName} | base64 -d > body.sig
openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in body.json -sigfile body.sig`,
  },
]
