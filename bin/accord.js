#!/usr/bin/env node
// Node runs the sources as they are in a checkout; an installed package has the build beside them.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const major = Number(process.versions.node.split('.')[0])
if (major < 26) {
  process.stderr.write(
    `accord needs Node 26 or newer; this is ${process.version}. In a checkout run "npm ci" and then "npm run -s accord -- …": npm brings its own Node.\n`,
  )
  process.exit(2)
}
// glibc keeps memory for each thread apart, with holes that no other thread can fill: of a first sweep of a million contacts, 16 MiB. It is told so at the start of
// a process alone, and this one starts anew as what it is. A parent that talks to it through a channel would lose the channel.
if (process.platform === 'linux' && !process.env.MALLOC_ARENA_MAX && process.channel === undefined) startAnew()
const { enableCompileCache } = await import('node:module')
// Half of a start is compiling. Beside the packages: whoever may write there may change the code as well. Where nobody may, nothing is kept.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)))
const built = new URL('../dist/cli.js', import.meta.url)
const source = new URL('../src/cli.ts', import.meta.url)
const { main } = await import((existsSync(source) ? source : built).href)
process.exitCode = await main(process.argv)

function startAnew() {
  const { argv, argv0, env, execArgv, execPath } = process
  // Told apart by its name: of a node with capabilities of its own, glibc takes the variable away at each start (since 2.39).
  const anew = 'accord'
  // Node lets go of descriptors that were handed to it: of a file that is named by one (zsh has it in /proc/self/fd/11), nothing would be left.
  const isHandedDown = (text) => /\/fd\/\d+$/.test(text)
  if (argv0 === anew || argv.some(isHandedDown) || Object.values(env).some(isHandedDown)) return
  const { emitWarning } = process
  try {
    // Where it is refused, each command would say that it is experimental.
    process.emitWarning = () => undefined
    process.execve(execPath, [anew, ...execArgv, ...argv.slice(1)], { ...env, MALLOC_ARENA_MAX: '1' })
  } catch {
    // Not allowed, or not possible any more: it takes a little more memory as it is.
  } finally {
    process.emitWarning = emitWarning
  }
}
