/** The same document for people: one section a route, one row a field. */
import { html, type Html } from './html.ts'
import type { Route } from './route.ts'

type Node = Readonly<Record<string, unknown>>
type Row = { readonly name: string; readonly required: boolean; readonly kind: string; readonly description: string }

export function renderDocs(routes: readonly Route[], document: Node): string {
  const info = nodeOf(document['info'])
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Accord API</title>
        <link rel="stylesheet" href="style.css" />
      </head>
      <body>
        <h1>Accord API</h1>
        <p>${textOf(info['description'])} For programs: <a href="openapi.json">/openapi.json</a> (OpenAPI 3.1).</p>
        ${routes.map((route) => renderRoute(route, nodeOf(nodeOf(nodeOf(document['paths'])[route.path])[route.method])))}
      </body>
    </html> `
  return page.html
}

function renderRoute(route: Route, operation: Node): Html {
  const body = nodeOf(nodeOf(nodeOf(nodeOf(operation['requestBody'])['content'])['application/json'])['schema'])
  const answers = Object.entries(nodeOf(operation['responses'])).map(
    ([status, answer]) => [status, textOf(nodeOf(answer)['description'])] as const,
  )
  return html`<section>
    <h2 id="${route.name}">${route.summary}</h2>
    <p><code>${route.method.toUpperCase()} ${route.path}</code> with the scope <code>${route.scope}</code></p>
    <p>${route.description}</p>
    <pre>${curlOf(route)}</pre>
    ${route.method === 'get' ? [] : variantsOf(body).map((variant) => renderVariant(variant))}
    <h3>Answers</h3>
    <table>
      <tbody>
        ${answers.map(
          ([status, text]) =>
            html`<tr>
              <td><code>${status}</code></td>
              <td>${text}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section> `
}

function curlOf(route: Route): string {
  if (route.method === 'get') return `curl https://accord.example.fr${route.path} \\\n  -H 'Authorization: Bearer accord_…'`
  const lines = [
    `curl -X POST https://accord.example.fr${route.path}`,
    "  -H 'Authorization: Bearer accord_…'",
    "  -H 'Content-Type: application/json'",
    ...(route.idempotent ? ["  -H 'Idempotency-Key: 0f8fad5b-d9cb-469f-a165-70867728950e'"] : []),
    `  -d '${JSON.stringify(route.example)}'`,
  ]
  return lines.join(' \\\n')
}

function renderVariant(variant: Node): Html {
  const events = nodeOf(nodeOf(variant['properties'])['event'])
  const title = Object.keys(events).length === 0 ? 'Body' : `Body with the event ${kindOf(events)}`
  return html`<h3>${title}</h3>
    <table>
      <thead>
        <tr>
          <th>field</th>
          <th>value</th>
          <th></th>
        </tr>
      </thead>
      <tbody>
        ${rowsOf(variant, '').map(
          (row) =>
            html`<tr>
              <td><code>${row.name}</code></td>
              <td>${row.kind}</td>
              <td>${row.required ? '' : 'optional. '}${row.description}</td>
            </tr> `,
        )}
      </tbody>
    </table> `
}

function variantsOf(schema: Node): readonly Node[] {
  const variants = schema['oneOf'] ?? schema['anyOf']
  return Array.isArray(variants) ? variants.map(nodeOf) : [schema]
}

function rowsOf(schema: Node, prefix: string): Row[] {
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  return Object.entries(nodeOf(schema['properties'])).flatMap(([key, value]) => {
    const node = nodeOf(value)
    const name = `${prefix}${key}`
    const row = {
      name,
      required: required.includes(key) && node['default'] === undefined,
      kind: kindOf(node),
      description: textOf(node['description']),
    }
    return [row, ...(node['type'] === 'object' ? rowsOf(node, `${name}.`) : innerRows(node, `${name}.`))]
  })
}

/** Of a choice between objects the one that shows most. */
function innerRows(node: Node, prefix: string): Row[] {
  const objects = variantsOf(node).filter((variant) => variant['type'] === 'object' && variant !== node)
  const rows = objects.map((variant) => rowsOf(variant, prefix)).toSorted((one, other) => other.length - one.length)[0] ?? []
  return rows.map((row) => ({ ...row, required: false }))
}

function kindOf(node: Node): string {
  if (node['const'] !== undefined) return `"${String(node['const'])}"`
  if (Array.isArray(node['enum'])) return node['enum'].map((value) => `"${String(value)}"`).join(' or ')
  const variants = variantsOf(node).filter((variant) => variant !== node)
  if (variants.length > 0) return [...new Set(variants.map(kindOf))].join(' or ')
  return textOf(node['format']) || textOf(node['type'])
}

function nodeOf(value: unknown): Node {
  return typeof value === 'object' && value !== null ? (value as Node) : {}
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
