/** One zip of files that are written while it is read. */
import { PassThrough, type Readable } from 'node:stream'
import { ZipFile } from 'yazl'

/** `open` is called when its turn has come, one after the other. */
export type Part = { readonly name: string; readonly open: () => Readable }

/** Breaks off with the error of a part, so that what was fetched is no zip: its directory, without which nobody opens it, comes last. */
export function zipOf(parts: readonly Part[], madeAt: Date): Readable {
  const zip = new ZipFile()
  const out = new PassThrough()
  let current: Readable | null = null
  const fail = (error: Error): void => void out.destroy(error)
  zip.on('error', fail)
  for (const { name, open } of parts)
    zip.addReadStreamLazy(name, { mtime: madeAt, mode: 0o100600 }, (give) => {
      current = open()
      current.on('error', fail)
      give(null, current)
    })
  zip.end()
  zip.outputStream.on('error', fail)
  out.on('close', () => current?.destroy())
  zip.outputStream.pipe(out)
  return out
}
