import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { UsageError } from '../command.ts'

const howTo = 'openssl genpkey -algorithm ed25519 -out ed25519.pem makes one.'

/** Reads a private Ed25519 key as PEM, without a passphrase. Throws `UsageError` for anything else. */
export const readKey = async (path: string): Promise<KeyObject> => {
  const pem = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`The key ${path} cannot be read (${error.code ?? error.message}). ${howTo}`)
  })
  const key = privateKey(path, pem)
  if (key.asymmetricKeyType === 'ed25519') return key
  throw new UsageError(`The key ${path} is of type ${key.asymmetricKeyType}, not ed25519. ${howTo}`)
}

const privateKey = (path: string, pem: string): KeyObject => {
  try {
    return createPrivateKey(pem)
  } catch (error) {
    const what = pem.includes('ENCRYPTED')
      ? 'has a passphrase, which is not supported'
      : 'is no private key in PEM'
    throw new UsageError(`The key ${path} ${what}. ${howTo}`, { cause: error })
  }
}
