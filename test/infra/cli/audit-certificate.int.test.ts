import { generateKeyPairSync, verify } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Certificate, type CertificateText, certify } from '../../../aggregators/audit/certificate.ts'
import { certificate, certificateFlags } from '../../../infra/cli/audit/certificate.ts'
import { verifyCommand, verifyFlags } from '../../../infra/cli/audit/verify.ts'
import { readCommandLine } from '../../../infra/cli/command.ts'
import { aPoll } from '../../aggregators/arrivals.ts'
import {
  type AnArchive,
  anArchive,
  sentMarker,
  sentVotes,
  writeLines,
} from '../../aggregators/audit/an-archive.ts'
import { temporaryFolder } from '../local/temporary-folder.ts'

const createdAt = Date.UTC(2026, 5, 1, 19)
const shard = 'shardId-000000000000'

const archive = (): AnArchive => {
  const poll = aPoll({ createdAt, opensAt: createdAt, shards: [shard], closedAt: createdAt + 9000 })
  const sent = [
    sentVotes(createdAt + 1000, ['ana', 'ana', 'eva']),
    sentVotes(createdAt + 2000, ['bia']),
    sentMarker(createdAt + 9300, poll),
  ]
  return anArchive(poll, { [shard]: sent })
}

const out: string[] = []
beforeEach(() => {
  out.length = 0
  process.exitCode = undefined
  vi.spyOn(console, 'log').mockImplementation((text) => void out.push(text))
  vi.spyOn(console, 'error').mockImplementation((text) => void out.push(text))
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  // An export stands alone: no instance has run there.
  vi.spyOn(process, 'cwd').mockReturnValue('/nowhere')
  vi.stubEnv('AWS_ENDPOINT_URL', undefined)
})
afterEach(() => {
  process.exitCode = undefined
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

/** Writes the archive, certifies the poll, and gives what is then in the `--out` folder. */
const certified = async (lines: AnArchive, ...args: string[]) => {
  const [from, to] = [await temporaryFolder(), await temporaryFolder()]
  await writeLines(from, lines)
  const flags = ['--poll', 'final', '--from', from, '--out', to, ...args]
  await certificate(readCommandLine(flags, certificateFlags))
  return { from, to, files: await readdir(to), exitCode: process.exitCode }
}

const written = async (folder: string): Promise<Certificate> =>
  JSON.parse(await readFile(join(folder, 'certificate-final.json'), 'utf8'))

describe('npm run audit -- certificate', () => {
  it('writes what a recount of the archive agrees to, and verify accepts it', async () => {
    const lines = archive()
    const { from, to, files } = await certified(lines)
    expect(files.sort()).toEqual(['certificate-final.html', 'certificate-final.json'])
    const { body, signature } = await written(to)
    const text: CertificateText = JSON.parse(body)
    expect(text.result).toEqual(lines.poll.result)
    expect(text.heads).toEqual(lines.heads)
    expect(text.checked).toMatchObject({ records: 3, votes: 4, parts: 3 })
    expect(text.checked.notCompared).toHaveLength(1)
    expect(signature).toBeNull()
    expect(await readFile(join(to, 'certificate-final.html'), 'utf8')).toContain('Unsigned')

    const file = join(to, 'certificate-final.json')
    const flags = ['--poll', 'final', '--from', from, '--certificate', file]
    await verifyCommand(readCommandLine(flags, verifyFlags))
    expect(process.exitCode).toBe(0)
    expect(out.join('\n')).toContain('Verdict: all agree.')

    const forged = certify(JSON.parse(body.replace('"ana":2', '"ana":3')), undefined)
    await writeFile(file, JSON.stringify(forged))
    await verifyCommand(readCommandLine(flags, verifyFlags))
    expect(process.exitCode).toBe(2)
  })

  it('is refused by verify when it was changed after it was hashed or signed', async () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const key = join(await temporaryFolder(), 'ed25519.pem')
    await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const { from, to } = await certified(archive(), '--key', key)
    const file = join(to, 'certificate-final.json')
    const verified = () =>
      verifyCommand(readCommandLine(['--poll', 'final', '--from', from, '--certificate', file], verifyFlags))
    await verified()
    expect(process.exitCode).toBe(0)
    const signed = await written(to)
    const changed = signed.body.replace('"ana":2', '"ana":3')
    await writeFile(file, JSON.stringify({ ...signed, body: changed }))
    await expect(verified()).rejects.toThrow('not as it was published')
    await writeFile(
      file,
      JSON.stringify({ ...certify(JSON.parse(changed), undefined), signature: signed.signature }),
    )
    await expect(verified()).rejects.toThrow('not as it was signed')
  })

  it('leaves an earlier certificate as it is, unless it is forced', async () => {
    const { from, to } = await certified(archive())
    const earlier = await readFile(join(to, 'certificate-final.json'), 'utf8')
    const again = (...args: string[]) =>
      certificate(
        readCommandLine(['--poll', 'final', '--from', from, '--out', to, ...args], certificateFlags),
      )
    await expect(again()).rejects.toThrow(
      `${join(to, 'certificate-final.json')} is there already; --force replaces it`,
    )
    expect(await readFile(join(to, 'certificate-final.json'), 'utf8')).toBe(earlier)
    await writeFile(join(to, 'certificate-final.json'), 'earlier')
    await again('--force')
    expect((await written(to)).body).toContain('"final"')
  })

  it('signs with the key it is given', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const key = join(await temporaryFolder(), 'ed25519.pem')
    await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const { to } = await certified(archive(), '--key', key)
    const { body, signature } = await written(to)
    const value = Buffer.from(signature?.value ?? '', 'base64')
    expect(verify(null, Buffer.from(body), publicKey, value)).toBe(true)
    expect(signature?.publicKey).toBe(publicKey.export({ type: 'spki', format: 'pem' }))
  })

  it('writes nothing when something disagrees, and exits as verify does', async () => {
    const lines = archive()
    const { files, exitCode } = await certified({ ...lines, votes: lines.votes.slice(1) })
    expect([files, exitCode]).toEqual([[], 2])
    expect(out.join('\n')).toContain('SOMETHING DISAGREES')
    expect(out.at(-1)).toContain('No certificate is written.')
  })

  it('writes nothing when the archive is not complete yet', async () => {
    const lines = archive()
    const { files, exitCode } = await certified({ ...lines, votes: lines.votes.slice(0, -1) })
    expect([files, exitCode]).toEqual([[], 3])
  })

  it('writes nothing for a poll that has no last line', async () => {
    const lines = archive()
    const { files, exitCode } = await certified({ ...lines, windows: lines.windows.slice(0, -1) })
    expect([files, exitCode]).toEqual([[], 3])
    expect(out.at(-1)).toContain('The archive has no last line of poll final')
  })

  it('refuses a poll id that is none, since it names files', async () => {
    await expect(certificate(readCommandLine(['--poll', '../x'], certificateFlags))).rejects.toThrow(
      '--poll must be 1 to 64 of a-z',
    )
  })

  const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  it.each([
    ['a public key', () => generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })],
    ['no key', () => 'hello'],
    ['an RSA key', () => rsa().export({ type: 'pkcs8', format: 'pem' })],
    [
      'a key with a passphrase',
      () =>
        generateKeyPairSync('ed25519').privateKey.export({
          type: 'pkcs8',
          format: 'pem',
          cipher: 'aes-256-cbc',
          passphrase: 'secret',
        }),
    ],
  ])('refuses %s before it recounts anything, and says how to make one', async (_what, pem) => {
    const key = join(await temporaryFolder(), 'key.pem')
    await writeFile(key, pem())
    await expect(
      certificate(readCommandLine(['--poll', 'final', '--from', '/nowhere', '--key', key], certificateFlags)),
    ).rejects.toThrow('openssl genpkey -algorithm ed25519 -out ed25519.pem')
    await expect(
      certificate(readCommandLine(['--poll', 'final', '--key', `${key}.gone`], certificateFlags)),
    ).rejects.toThrow('cannot be read (ENOENT)')
  })
})
