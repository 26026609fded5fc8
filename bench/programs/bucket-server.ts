import { startS3StandIn } from '../../test/support/s3-server-stand-in.ts';
import { newInstance } from '../support/bucket.ts';
import { registerWithSnapshot, type FleetPlan } from '../support/fleet-plan.ts';
import { endWithParent, given, tell } from '../support/told.ts';

/** A bucket in memory, a process of its own, with the registrations of a plan in it and their snapshot. Tells its URL. */
const { plan } = given() as { readonly plan?: FleetPlan };
const server = await startS3StandIn();
if (plan !== undefined) await registerWithSnapshot(newInstance(server.objects), plan);
tell(server.url);
endWithParent();
