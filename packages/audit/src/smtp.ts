export { smtp, SmtpError, type SmtpOptions } from './response/smtp.ts';
