import type { Resolve } from '../../lib/delivery/channels/name-resolver.ts';
import type { Consent } from '../../lib/delivery/channels/webhook-consent.ts';
import type { TargetGuard } from '../../lib/delivery/target-guard.ts';
import type { Events } from '../../lib/events/events.ts';
import type { AccessCheck } from '../../lib/platform/access.ts';
import type { Clock } from '../../lib/platform/clock.ts';
import type { ExecutionMode } from '../../lib/platform/configuration/configuration.ts';
import type { HttpAnswer, HttpCall } from '../../lib/platform/function-call/http-call.ts';
import type { Logger } from '../../lib/platform/logging.ts';
import type { Store } from '../../lib/store/store.ts';

export interface RegisterDeps {
  readonly store: Store;
  /** Whom lifecycle events are told. */
  readonly events: Events;
  readonly guard: TargetGuard;
  /** How a target's name is resolved when it is registered. */
  readonly resolve: Resolve;
  /** Asks a target for its consent, where that is asked for. */
  readonly askConsent: ((url: string) => Promise<Consent>) | undefined;
  /** The origin under which it is asked. */
  readonly webhookOrigin: string | undefined;
  readonly access: AccessCheck;
  /** Names of the configured queue managers; empty: any is accepted (a deployment that only takes registrations). */
  readonly queueManagers: readonly string[];
  readonly mode: ExecutionMode;
  readonly log: Logger;
  readonly clock: Clock;
}

/** One call on a known path, let in. */
export interface Admitted {
  readonly call: HttpCall;
  /** Who called, for the audit line. */
  readonly actor: string;
  /** The `{id}` of the path, decoded, where there is one. */
  readonly id: string | undefined;
}

/** What one method of one path does. */
export type Action = (deps: RegisterDeps, admitted: Admitted) => Promise<HttpAnswer>;
