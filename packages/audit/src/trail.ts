export {
  type Actor,
  type AuditEvent,
  auditEvent,
  type AuditSink,
  type EventOutcome,
  type EventTarget,
} from './trail/event.ts';
