/** What is for whoever runs the service, and not for the public: a request that a reverse proxy has passed on comes from outside. */
import type { RequestHandler } from 'express'

/** A proxy names whom it passes on; nobody behind it can take that away again. To them there is no such route. */
export const insideOnly: RequestHandler = ({ headers }, _response, next) => {
  const isPassedOn = headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined
  next(isPassedOn ? 'route' : undefined)
}
