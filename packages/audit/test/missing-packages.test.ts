import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** The error of `use` in a process of its own, in which Node does not find the package. */
async function errorWithout(packageName: string, use: string): Promise<unknown> {
  const program = `
    import { registerHooks } from 'node:module';
    registerHooks({
      resolve: (specifier, context, next) =>
        next(specifier, specifier === ${JSON.stringify(packageName)} ? { ...context, parentURL: 'file:///nowhere/index.js' } : context),
    });
    try {
      ${use}
    } catch ({ code, message, remedy }) {
      console.log(JSON.stringify({ code, message, remedy }));
    }`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@groundcrew/source', '--input-type=module', '--eval', program],
    { cwd: dirname(fileURLToPath(import.meta.url)) },
  );
  return JSON.parse(stdout);
}

test('mail without nodemailer says what to install', async () => {
  const error = await errorWithout(
    'nodemailer',
    `const { smtp } = await import('@groundcrew/audit/smtp');
     const mail = smtp({ host: 'mail.example', from: 'a@example.com', to: 'b@example.com' });
     await mail.send({ channel: 'mail', subject: 's', text: 't', findings: [], id: '1' }, { signal: new AbortController().signal });`,
  );
  expect(error).toEqual({
    code: 'missing-package',
    message: 'Mail by SMTP needs the package nodemailer, which is not installed',
    remedy: 'Install it beside the package that uses it: npm install nodemailer',
  });
});

test('a queue without rabbitmq-client says what to install', async () => {
  const error = await errorWithout(
    'rabbitmq-client',
    `const { rabbitSource } = await import('@groundcrew/audit/rabbitmq');
     const source = rabbitSource({ url: 'amqp://broker.example', queue: 'audit.info' });
     for await (const _ of source.batches({ signal: new AbortController().signal }));`,
  );
  expect(error).toEqual({
    code: 'missing-package',
    message: 'Reading a queue of RabbitMQ needs the package rabbitmq-client, which is not installed',
    remedy: 'Install it beside the package that uses it: npm install rabbitmq-client',
  });
});
