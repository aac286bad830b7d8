/** The service as it runs day and night, beside the two sandbox CRMs that tell it of changes. */
import { startService, type Role, type Service } from '../../src/service.ts'
import { readSettings } from '../../src/settings.ts'
import { stage, type Scene, type StageOptions } from './scene.ts'
import { shippedConfig } from './world.ts'
import { freePort, subscribe, webhookEnv } from '../webhooks.ts'

export type LiveScene = {
  scene: Scene
  /** Where the service listens. */
  url: string
  start: (role?: Role) => Promise<Service>
  /** Until nothing is left to be done. */
  quiet: () => Promise<void>
  close: () => Promise<void>
}

/** Swept once, and subscribed to what the CRMs tell. */
export async function stageLive(options: StageOptions, more: Readonly<Record<string, string>> = {}): Promise<LiveScene> {
  const scene = await stage(options)
  await scene.sweep()
  await scene.leave()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  await subscribe(scene.sandbox.hubspot, `${url}/webhooks/hubspot`)
  const env = { ...scene.env, ...webhookEnv(url), ACCORD_LOG_LEVEL: 'silent', ...more }
  const services: Service[] = []
  return {
    scene,
    url,
    start: async (role = 'all') => {
      // One address for what hears; workers need none that anybody knows.
      const settings = readSettings(
        { ...env, ACCORD_PORT: role === 'worker' ? '0' : String(port) },
        { data: scene.dir, config: shippedConfig },
      )
      const service = await startService(settings, role)
      services.push(service)
      return service
    },
    quiet: async () => {
      await scene.until(async () => {
        const text = await (await fetch(`${url}/metrics`)).text()
        const waiting = text.matchAll(/^accord_(?:waiting_\w+|lag_seconds|jobs)\{(?!queue="dead")[^}]*\} (\S+)$/gm)
        return [...waiting].every(([, count]) => Number(count) === 0)
      })
    },
    close: async () => {
      for (const service of services.splice(0)) await service.close()
      await scene.close()
    },
  }
}
