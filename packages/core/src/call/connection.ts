import type { EventEmitter } from 'eventemitter3';
import type { Token } from '../auth/token.ts';
import type { Clock } from '@groundcrew/ground';
import type { CloudEvents } from '../telemetry/events.ts';
import type { Exchange } from '../wire/exchange.ts';
import type { ServiceFacts } from '../services/service-facts.ts';

/** The part of a client that its calls use. */
export interface Connection {
  readonly exchange: Exchange;
  readonly events: EventEmitter<CloudEvents>;
  readonly clock: Clock;
  /** The token that calls are made with; obtained or renewed if need be. `undefined`: this cloud wants none. */
  token(signal: AbortSignal | undefined): Promise<Token | undefined>;
  /** The token to go on with after a 401 to this one. */
  renew(rejected: Token, signal: AbortSignal | undefined): Promise<Token>;
  /** The URL that the paths of a service's records are below, without a slash at the end. */
  endpoint(service: ServiceFacts, signal: AbortSignal | undefined): Promise<string>;
  /** Whether a document or a probe showed that the service is at this base: only then is a 404 below it a fact. */
  confirms(service: ServiceFacts, base: string, signal: AbortSignal | undefined): Promise<boolean>;
}
