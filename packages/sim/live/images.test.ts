import { createHash, randomBytes } from 'node:crypto';
import { isConflict, isHttpError, isNotFound } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import { CleanUp } from './clean-up.ts';
import { asAdmin, unique, parityClouds } from './parity-clouds.ts';

describe.each(parityClouds)('images on $name', (parityCloud) => {
  test('up and down, every byte verified', async () => {
    const clean = new CleanUp();
    const cloud = await asAdmin(parityCloud);
    const { images } = cloud.image;
    const name = unique('image');
    const bytes = new Uint8Array(randomBytes(3_000_000));
    const image = await images.create({
      name,
      disk_format: 'raw',
      container_format: 'bare',
      visibility: 'private',
      my_property: 'mine',
    });
    clean.later(() => images.delete({ id: image.id }, { missingOk: true }));
    expect(image).toMatchObject({ status: 'queued', my_property: 'mine' });

    const progress: number[] = [];
    const uploaded = await cloud.image.data.upload({ id: image.id }, bytes, {
      onProgress: (count) => progress.push(count),
    });
    expect(uploaded).toMatchObject({
      bytes: bytes.byteLength,
      verified: 'sha512',
      image: { status: 'active', size: bytes.byteLength },
    });
    expect(progress.at(-1)).toBe(bytes.byteLength);

    const hash = createHash('sha256');
    for await (const chunk of cloud.image.data.download({ id: image.id })) hash.update(chunk);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));

    const twice = await cloud.image.data.upload({ id: image.id }, bytes).catch((caught: unknown) => caught);
    expect(isConflict(twice)).toBe(true);
    await images.update({
      id: image.id,
      patch: [{ op: 'replace', path: '/name', value: `${name}-renamed` }],
    });
    expect((await images.find(`${name}-renamed`)).id).toBe(image.id);
  });

  test('what is not there is a 404, though Glance says it in HTML', async () => {
    const { images } = (await asAdmin(parityCloud)).image;
    const error = await images
      .get({ id: '00000000-0000-4000-8000-000000000000' })
      .catch((caught: unknown) => caught);
    expect(isNotFound(error)).toBe(true);
    expect(isHttpError(error) && error.fault.message).toContain(
      'No image found with ID 00000000-0000-4000-8000-000000000000',
    );
  });
});
