/** Who is woken, read from a registration's `notify`. */
export type Target =
  | { readonly kind: 'url'; readonly url: URL }
  | { readonly kind: 'job'; readonly job: string; readonly project?: string; readonly region?: string }
  | { readonly kind: 'nats'; readonly subject: string };

export type ParsedTarget =
  { readonly ok: true; readonly target: Target } | { readonly ok: false; readonly problem: string };

const JOB = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const SCOPE = /^[A-Za-z0-9](?:[A-Za-z0-9._ -]{0,126}[A-Za-z0-9])?$/;
const SUBJECT = /^[^\s.*>\u0000-\u001f\u007f]+(?:\.[^\s.*>\u0000-\u001f\u007f]+)*$/;

/** Reads a target: an `http(s)` URL, `nats:<subject>`, or a job name `[region/][project/]job`. Total: never throws. */
export function parseTarget(notify: string): ParsedTarget {
  if (/^https?:/i.test(notify)) return parseUrl(notify);
  if (notify.startsWith('nats:')) return parseSubject(notify.slice('nats:'.length));
  return parseJob(notify);
}

function refuse(problem: string): ParsedTarget {
  return { ok: false, problem };
}

function parseUrl(text: string): ParsedTarget {
  if (!/^https?:\/\//i.test(text)) return refuse('must start with http:// or https://');
  if (/[\s\u0000-\u001f\u007f]/.test(text)) return refuse('must not contain blanks or control characters');
  const url = urlOf(text);
  if (url === undefined) return refuse('is not a valid URL');
  if (url.username !== '' || url.password !== '') return refuse('must not contain credentials');
  if (text.includes('#')) return refuse('must not contain a fragment');
  return { ok: true, target: { kind: 'url', url } };
}

function urlOf(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function parseSubject(subject: string): ParsedTarget {
  if (subject.length > 256 || !SUBJECT.test(subject))
    return refuse('must be nats: and a subject without blanks, wildcards or empty parts');
  return { ok: true, target: { kind: 'nats', subject } };
}

function parseJob(text: string): ParsedTarget {
  const parts = text.split('/');
  const job = parts.at(-1) ?? '';
  const [project, region] = parts.slice(0, -1).toReversed();
  if (parts.length > 3 || !JOB.test(job) || !parts.slice(0, -1).every((part) => SCOPE.test(part)))
    return refuse(
      'must be an http(s) URL, nats:<subject>, or a job name [region/][project/]job in lower case',
    );
  return {
    ok: true,
    target: {
      kind: 'job',
      job,
      ...(project === undefined ? {} : { project }),
      ...(region === undefined ? {} : { region }),
    },
  };
}
