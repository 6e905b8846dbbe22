import {
  type Attributes,
  context,
  type Histogram,
  type MeterProvider,
  metrics,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { checkOptions, object, type OptionRules } from '../options/option-checks.ts';
import type { AttemptEnd, AttemptFollower, AttemptStart, Instrumentation } from './instrumentation.ts';
import { urlTemplate } from './url-template.ts';

export interface OpenTelemetryOptions {
  /** @default the global one at the time of the call */
  readonly tracerProvider?: TracerProvider | undefined;
  /** @default the global one at the time of the call */
  readonly meterProvider?: MeterProvider | undefined;
  /**
   * `headers` sends the context of the span along, with the global propagator: `traceparent`. `none` sends nothing: for
   * programs in which an instrumentation of `fetch` or undici does so, since a second `traceparent` makes both invalid.
   * @default 'headers'
   */
  readonly propagation?: 'headers' | 'none' | undefined;
}

/**
 * Makes a span and a measurement of each attempt of a client's calls, by OpenTelemetry's semantic conventions for HTTP
 * clients (1.45).
 *
 * The span has the kind `CLIENT` and the name `{method} {url.template}`. It lasts as long as the attempt (see `CloudEvents`),
 * is a child of the span that is active at the time of the call, and is active itself while the request is sent. A status
 * from 400 on, a failure and an abort are errors. The histogram `http.client.request.duration` counts the same time in
 * seconds.
 *
 * @example
 * await using cloud = connect({ cloud: 'prod', instrumentation: openTelemetry() });
 *
 * @throws InputError for an option that there is not, or that is of the wrong kind
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Instrumentation {
  checkOptions(options, OPTIONS, 'openTelemetry');
  const tracer = (options.tracerProvider ?? trace).getTracer(SCOPE);
  const duration = (options.meterProvider ?? metrics)
    .getMeter(SCOPE)
    .createHistogram('http.client.request.duration', {
      description: 'Duration of HTTP client requests.',
      unit: 's',
      advice: { explicitBucketBoundaries: BUCKETS },
    });
  const isPropagated = options.propagation !== 'none';
  return { begin: (start) => follow(start, tracer, duration, isPropagated) };
}

function follow(
  start: AttemptStart,
  tracer: Tracer,
  duration: Histogram,
  isPropagated: boolean,
): AttemptFollower {
  const template = urlTemplate(start);
  const dimensions = dimensionsOf(start, template);
  const name = template === undefined ? start.method : `${start.method} ${template}`;
  const parent = context.active();
  const span = tracer.startSpan(
    name,
    { kind: SpanKind.CLIENT, attributes: { ...dimensions, ...detailsOf(start) } },
    parent,
  );
  const own = trace.setSpan(parent, span);
  const headers: Record<string, string> = {};
  if (isPropagated) propagation.inject(own, headers);
  return {
    headers,
    within: (send) => context.with(own, send),
    end(end) {
      const outcome = outcomeOf(end);
      duration.record(end.event.durationMs / 1000, { ...dimensions, ...outcome }, own);
      finish(span, end, outcome);
    },
  };
}

/** Attributes with few values, for the span and the measurement. */
function dimensionsOf(start: AttemptStart, template: string | undefined): Attributes {
  const url = URL.canParse(start.url) ? new URL(start.url) : undefined;
  return {
    'http.request.method': start.method,
    'server.address': url === undefined ? '' : url.hostname.replace(/^\[(.*)\]$/, '$1'),
    ...(url === undefined ? {} : { 'server.port': portOf(url) }),
    ...(template === undefined ? {} : { 'url.template': template }),
  };
}

/** Attributes that distinguish requests, for the span only. */
const detailsOf = (start: AttemptStart): Attributes => ({
  // The convention's word for what is masked.
  'url.full': start.url.replaceAll('***', 'REDACTED'),
  'groundcrew.service': start.service,
  'groundcrew.operation': start.operation,
  ...(start.attempt > 1 ? { 'http.request.resend_count': start.attempt - 1 } : {}),
});

function outcomeOf({ outcome, event }: AttemptEnd): Attributes {
  const status = event.status === undefined ? {} : { 'http.response.status_code': event.status };
  switch (outcome) {
    case 'response':
      return event.status < 400 ? status : { ...status, 'error.type': String(event.status) };
    case 'failure':
      return { ...status, 'error.type': event.reason };
    case 'abort':
      return { ...status, 'error.type': 'aborted' };
  }
}

function finish(span: Span, { event }: AttemptEnd, outcome: Attributes): void {
  span.setAttributes(outcome);
  if (event.requestId !== undefined)
    span.setAttribute('http.response.header.x-openstack-request-id', [event.requestId]);
  // Without a description: the status or `error.type` says it all.
  if (outcome['error.type'] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

const portOf = ({ port, protocol }: URL): number =>
  port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);

const OPTIONS: OptionRules = {
  tracerProvider: object,
  meterProvider: object,
  propagation: {
    accepts: (value) => value === 'headers' || value === 'none',
    expected: "'headers' or 'none'",
  },
};

const SCOPE = '@groundcrew/core';

/** The bucket boundaries that the convention asks for. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
