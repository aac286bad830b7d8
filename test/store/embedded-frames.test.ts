import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFrameReader } from '../../src/store/embedded-frames.ts'
import type { Frame } from '../../src/store/embedded-frames.ts'

const seed = 20_261_121

function message(type: string, body: Uint8Array): Buffer {
  const head = Buffer.alloc(5)
  head.write(type, 'latin1')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

function first(code: number, rest = ''): Buffer {
  const head = Buffer.alloc(8)
  head.writeInt32BE(8 + rest.length)
  head.writeInt32BE(code, 4)
  return Buffer.concat([head, Buffer.from(rest, 'latin1')])
}

const ssl = first(80_877_103)
const startup = first(196_608, 'user\0postgres\0\0')

function read(stream: Buffer, cuts: readonly number[]): Frame[] {
  const reader = createFrameReader()
  const edges = [0, ...cuts.map((cut) => cut % (stream.length + 1)).sort((a, b) => a - b), stream.length]
  return edges.slice(1).flatMap((end, index) => reader.push(stream.subarray(edges[index], end)))
}

describe('the frames of the protocol', () => {
  it('are the same however the stream is cut', () => {
    const body = fc.uint8Array({ maxLength: 40 })
    const extended = fc.array(fc.tuple(fc.constantFrom('P', 'B', 'D', 'E', 'C', 'd'), body), { maxLength: 5 })
    const unit = fc.tuple(extended, fc.constantFrom('Q', 'S', 'F', 'H'), body)
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 30 }), (units, cuts) => {
        const frames: Frame[] = units.map(([before, end, rest]) => ({
          kind: 'unit',
          bytes: Buffer.concat([...before.map(([type, bytes]) => message(type, bytes)), message(end, rest)]),
          complete: end !== 'H',
        }))
        const expected: Frame[] = [{ kind: 'encryption', bytes: ssl }, { kind: 'startup', bytes: startup }, ...frames]
        const stream = Buffer.concat([...expected.map(({ bytes }) => bytes), message('P', Buffer.from('unfinished'))])
        expect(read(stream, cuts)).toEqual(expected)
      }),
      { seed, numRuns: 300 },
    )
  })

  it.each([
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
    ['an old protocol', first(131_072)],
    ['a length that cannot be', Buffer.concat([startup, Buffer.from([0x51, 0, 0, 0, 3])])],
    ['a length beyond all values', Buffer.concat([startup, Buffer.from([0x51, 0x7f, 0xff, 0xff, 0xff])])],
  ])('end at %s', (_, stream) => {
    expect(
      read(stream, [])
        .map(({ kind }) => kind)
        .filter((kind) => kind !== 'startup')[0],
    ).toBe('malformed')
  })

  it('know those that end a connection', () => {
    expect(read(first(80_877_102, '12345678'), []).map(({ kind }) => kind)).toEqual(['cancel'])
    expect(read(Buffer.concat([startup, message('X', Buffer.alloc(0))]), []).map(({ kind }) => kind)).toEqual(['startup', 'terminate'])
  })
})
