import type { Json } from './wire.ts';

/**
 * A service's "no". Thrown by handlers; each service puts it into its own words on the wire.
 *
 * `type` is Neutron's (`NetworkNotFound`) or overrides the key under which Nova and Cinder answer.
 */
export class ServiceFault extends Error {
  readonly status: number;
  readonly type: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Further fields of the error object, where a service has some. */
  readonly extra: Json;

  constructor(
    status: number,
    message: string,
    options: {
      readonly type?: string;
      readonly headers?: Record<string, string>;
      readonly extra?: Json;
    } = {},
  ) {
    super(message);
    this.name = 'ServiceFault';
    this.status = status;
    this.type = options.type;
    this.headers = options.headers ?? {};
    this.extra = options.extra ?? {};
  }
}

/** No token, or none that is valid. */
export const unauthenticated = (): ServiceFault =>
  new ServiceFault(401, 'The request you have made requires authentication.');
export const badRequest = (message: string, type?: string): ServiceFault => fault(400, message, type);
export const forbidden = (message: string, type?: string): ServiceFault => fault(403, message, type);
export const notFound = (message: string, type?: string): ServiceFault => fault(404, message, type);
export const conflict = (message: string, type?: string): ServiceFault => fault(409, message, type);

const fault = (status: number, message: string, type?: string): ServiceFault =>
  new ServiceFault(status, message, type === undefined ? {} : { type });
