import type { Json } from './wire.ts';

/**
 * A refusal by a service. Handlers throw it; each service writes it in its own format.
 *
 * `type` is Neutron's type (`NetworkNotFound`), or overrides the key under which Nova and Cinder answer.
 */
export class ServiceFault extends Error {
  readonly status: number;
  readonly type: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Further fields of the error object. */
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

/** The refusal of a request without a valid token. */
export const unauthenticated = (): ServiceFault =>
  new ServiceFault(401, 'The request you have made requires authentication.');
export const badRequest = (message: string, type?: string): ServiceFault => fault(400, message, type);
export const forbidden = (message: string, type?: string): ServiceFault => fault(403, message, type);
export const notFound = (message: string, type?: string): ServiceFault => fault(404, message, type);
export const conflict = (message: string, type?: string): ServiceFault => fault(409, message, type);

const fault = (status: number, message: string, type?: string): ServiceFault =>
  new ServiceFault(status, message, type === undefined ? {} : { type });
