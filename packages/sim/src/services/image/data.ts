import { noContent } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { badRequest, conflict, forbidden, ServiceFault } from '../../fault.ts';
import { str } from '../../wire.ts';
import { readBytes } from '../../bytes/stored-bytes.ts';
import { requireContentType } from './require-content-type.ts';
import { findImage, findOwnImage } from './image.ts';

export const dataRoutes: Routes = {
  'PUT images/{id}/file': async (call) => {
    requireContentType(call, /^application\/octet-stream$/);
    const image = findOwnImage(call, 'upload image data');
    if (image.status !== 'queued')
      throw conflict(`Image status transition from ${image.status} to saving is not allowed`);
    if (image.container_format === null || image.disk_format === null) {
      throw badRequest('Properties disk_format, container_format must be set prior to saving data.');
    }
    image.status = 'saving';
    try {
      const data = await readBytes(bodyOf(call), call.state.settings.imageMemory);
      call.state.image.activate(image, data);
    } catch (error) {
      // As in Glance an interrupted upload may be tried again.
      image.status = 'queued';
      throw error;
    }
    return noContent;
  },
  'GET images/{id}/file': (call) => {
    const image = findImage(call);
    if (image.status === 'deactivated' && !call.admin) {
      throw forbidden('The requested image has been deactivated. Image data download is forbidden.');
    }
    if (image.data === undefined) return noContent;
    const { size } = image.data;
    const headers = {
      'Content-Type': 'application/octet-stream',
      ...(image.checksum === null ? {} : { 'Content-MD5': image.checksum }),
    };
    const range = /^bytes=(\d+)-(\d*)$/.exec(call.request.headers.get('Range') ?? '');
    if (range !== null) {
      const start = Number(range[1]);
      const end = range[2] === '' ? size - 1 : Math.min(Number(range[2]), size - 1);
      if (start >= size) throw new ServiceFault(416, `Offset ${start} is past the end of image ${image.id}`);
      return {
        status: 206,
        raw: ReadableStream.from(image.data.read(start, end + 1)),
        headers: {
          ...headers,
          'Content-Range': `bytes ${start}-${end}/${size}`,
          'Content-Length': str(end - start + 1),
        },
      };
    }
    return {
      status: 200,
      raw: ReadableStream.from(image.data.read()),
      headers: { ...headers, 'Content-Length': str(size) },
    };
  },
  'PUT images/{id}/stage': async (call) => {
    requireContentType(call, /^application\/octet-stream$/);
    const image = findOwnImage(call, 'upload image data');
    if (image.status !== 'queued')
      throw conflict(`Image status transition from ${image.status} to uploading is not allowed`);
    image.status = 'uploading';
    image.staged = await readBytes(bodyOf(call), call.state.settings.imageMemory);
    return noContent;
  },
};

const bodyOf = (call: Call): AsyncIterable<Uint8Array> =>
  call.request.body ?? (ReadableStream.from([]) as AsyncIterable<Uint8Array>);
