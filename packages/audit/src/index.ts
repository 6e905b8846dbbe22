export { type AdminPort, adminPorts } from './admin-ports.ts';
export { assess, type AuditPolicy } from './assess.ts';
export {
  type AddressGroup,
  type AuditSnapshot,
  type FloatingIp,
  observe,
  type ObserveAuditOptions,
  type Port,
  type Project,
  type SecurityGroup,
  type SecurityGroupRule,
} from './observe.ts';
