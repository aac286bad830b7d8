/** Ways to write addresses that are nobody's outside, as hosts of a URL. */

/** Of this machine. */
export const loopbackHosts: readonly string[] = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0x7f.0x0.0x0.0x1',
  '017700000001',
  '0177.0.0.1',
  '0177.0.0.01',
  '127.0.0.1.',
  '127.255.255.254',
  '１２７.０.０.１',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
  '%31%32%37.0.0.1',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
]

/** Of networks of our own, and of none. */
export function innerHosts(): string[] {
  const nets = [
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.168.0.1',
    '192.168.255.255',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '0.1.2.3',
  ]
  const decimal = nets.map((net) => String(net.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)))
  const hex = nets.map(
    (net) =>
      `0x${net
        .split('.')
        .map((part) => Number(part).toString(16).padStart(2, '0'))
        .join('')}`,
  )
  const octal = nets.map((net) =>
    net
      .split('.')
      .map((part) => `0${Number(part).toString(8)}`)
      .join('.'),
  )
  const short = nets.map((net) => {
    const [a, b, c, d] = net.split('.').map(Number) as [number, number, number, number]
    return `${a}.${b}.${c * 256 + d}`
  })
  const six = [
    '::',
    'fe80::1',
    'fec0::1',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '100::1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '5f00::1',
    '::7f00:1',
    '::ffff:0:7f00:1',
  ]
  const mapped = ['127.0.0.1', ...nets].flatMap((net) => [`::ffff:${net}`, `::${net}`, `64:ff9b::${net}`])
  return ['0', '0.0.0.0', ...nets, ...decimal, ...hex, ...octal, ...short, ...[...six, ...mapped].map((one) => `[${one}]`)]
}
