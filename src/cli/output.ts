/** How the command line writes: tables for people, one JSON object for programs, progress bars on a terminal only. */
import cliProgress from 'cli-progress'
import type { SweepEvent } from '../tasks/sweep/sweep.ts'

/** What a CRM holds must not steer the terminal it is shown on (CWE-150): controls and reversals of direction come out as `\u001b`. */
export function visible(text: string): string {
  return text.replace(STEERING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const STEERING = /(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

export function printLine(text = ''): void {
  process.stdout.write(`${visible(text)}\n`)
}

export function printJson(value: unknown): void {
  printLine(JSON.stringify(value))
}

/** Columns are as wide as their widest cell; numbers to the right. */
export function printTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell)))
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]!.length)))
  const numeric = head.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (numeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd()
  printLine(line(head))
  printLine(widths.map((width) => '─'.repeat(width)).join('  '))
  for (const row of cells) printLine(line(row))
}

const STEPS = { pull: 'reading', recheck: 'reading again', push: 'writing back', settle: 'confirming' } as const

export type Progress = { show: (event: SweepEvent) => void; stop: () => void }

/** Bars on a terminal, nothing in a pipe. */
export function createProgress(): Progress {
  if (!process.stderr.isTTY) return { show: () => undefined, stop: () => undefined }
  const bars = new cliProgress.MultiBar(
    { format: '{label} {bar} {value}{of} {unit}', hideCursor: true, clearOnComplete: false, stream: process.stderr },
    cliProgress.Presets.shades_classic,
  )
  const known = new Map<string, cliProgress.SingleBar>()
  return {
    show: ({ connection, object, step, done, expected }) => {
      const key = `${connection}/${object}`
      const label = `${key} ${STEPS[step]}`.padEnd(40)
      const payload = { label, of: expected ? ` of ${expected}` : '', unit: 'records' }
      const bar = known.get(key)
      if (!bar) known.set(key, bars.create(expected ?? done, done, payload))
      else {
        bar.setTotal(Math.max(expected ?? done, done))
        bar.update(done, payload)
      }
    },
    stop: () => bars.stop(),
  }
}
