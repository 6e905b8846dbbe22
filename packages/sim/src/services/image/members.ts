import { noContent, ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';
import { conflict, forbidden, notFound } from '../../fault.ts';
import { record, text } from '../../wire.ts';
import { findImage, findImageOfPart, findOwnImage, memberView } from './image.ts';

export const memberRoutes: Routes = {
  'GET images/{id}/members': (call) => {
    const image = findImageOfPart(call);
    if (image.visibility !== 'shared') {
      throw forbidden(`Not allowed to list members for image ${image.id}: Only shared images have members.`);
    }
    const all = [...image.members.keys()].map((id) => memberView(image, id));
    return ok({ members: all, schema: '/v2/schemas/members' });
  },
  'POST images/{id}/members': (call) => {
    const image = (findImageOfPart(call), findOwnImage(call, 'create members'));
    const id = text(record(call.body)['member']) ?? '';
    if (image.visibility !== 'shared') throw forbidden('Only shared images have members.');
    if (image.members.has(id)) throw conflict(`Member ${id} is duplicated for image ${image.id}`);
    image.members.set(id, { member_id: id, status: 'pending', created: call.now, updated: call.now });
    return ok(memberView(image, id));
  },
  'GET images/{id}/members/{member}': (call) => {
    const image = findImageOfPart(call);
    if (image.visibility !== 'shared') throw notFound('Only shared images have members.');
    return ok(memberView(image, call.param('member')));
  },
  'PUT images/{id}/members/{member}': (call) => {
    const image = findImage(call);
    const member = image.members.get(call.param('member'));
    if (member === undefined) throw notFound('Not found');
    if (member.member_id !== call.projectId && !call.admin)
      throw forbidden('You are not permitted to modify members on this image.');
    member.status = text(record(call.body)['status']) ?? member.status;
    member.updated = call.now;
    return ok(memberView(image, member.member_id));
  },
  'DELETE images/{id}/members/{member}': (call) => {
    if (!findOwnImage(call).members.delete(call.param('member')))
      throw notFound(
        `${call.param('member')} not found in the member list of the image ${call.param('id')}.`,
      );
    return noContent;
  },
};
