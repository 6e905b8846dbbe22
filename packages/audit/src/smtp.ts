export { smtp, type SmtpOptions } from './response/smtp.ts';
