/**
 * Spans by OpenTelemetry, sent as OTLP over HTTP. The only file that imports it: thirty megabytes of packages, bundled into one small
 * file when the package is built. Names and attributes follow the semantic conventions for MCP (open-telemetry/semantic-conventions-genai,
 * status development, as of 2026-11): they may be renamed there. No query, path or answer ever becomes an attribute.
 */
import {
  type Context,
  context,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { TraceSettings } from '../config/observe-settings.ts';
import { VERSION } from '../version.ts';
import { whenEnded } from './engine-metrics.ts';
import type { RequestEnd } from './request-events.ts';
import type { Tracing } from './tracing.ts';

const MAX_QUEUE = 4_096;
const EXPORT_TIMEOUT_MS = 5_000;

export function openTelemetry({ endpoint, serviceName }: TraceSettings): Tracing {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': VERSION }),
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanProcessors: [new BatchSpanProcessor({ exporter, maxQueueSize: MAX_QUEUE })],
  });
  const manager = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(manager);
  const tracer = provider.getTracer('conexus', VERSION);
  const propagator = new W3CTraceContextPropagator();
  const parentOf = (carrier: unknown): Context =>
    propagator.extract(ROOT_CONTEXT, carrier ?? {}, {
      get: (from, key) => textAt(from, key),
      keys: () => ['traceparent', 'tracestate'],
    });
  const requests = new Map<string, Span>();
  const calls = new Map<string, Span>();
  return {
    requests: {
      around({ id, method, headers, note }, work) {
        const span = tracer.startSpan(method, { kind: SpanKind.SERVER }, parentOf(headers));
        requests.set(id, span);
        note.traceId = span.spanContext().traceId;
        return context.with(trace.setSpan(context.active(), span), work);
      },
      aroundCall({ id, meta }, work) {
        const ambient = trace.getSpan(context.active());
        const given = parentOf(meta);
        const isGiven = trace.getSpanContext(given) !== undefined;
        const links: Link[] = isGiven && ambient !== undefined ? [{ context: ambient.spanContext() }] : [];
        const parent = isGiven ? given : context.active();
        const span = tracer.startSpan('call', { kind: SpanKind.SERVER, links }, parent);
        calls.set(id, span);
        return context.with(trace.setSpan(context.active(), span), work);
      },
      ended(end) {
        const call = calls.get(end.id);
        calls.delete(end.id);
        if (call !== undefined) endCall(call, end);
        const request = requests.get(end.id);
        requests.delete(end.id);
        if (request !== undefined) endRequest(request, end);
      },
    },
    stage(stage, work) {
      // Stages outside a request, such as those of a job, would be traces of a single span each.
      if (trace.getSpan(context.active()) === undefined) return work();
      const span = tracer.startSpan(`stage ${stage}`);
      return context.with(trace.setSpan(context.active(), span), () =>
        whenEnded(work, (error) => {
          if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        }),
      );
    },
    staged(stage, ms, startedAt) {
      if (startedAt === undefined || trace.getSpan(context.active()) === undefined) return;
      const span = tracer.startSpan(`stage ${stage}`, {
        startTime: startedAt,
        attributes: { 'conexus.query_thread': true },
      });
      span.end(startedAt + ms);
    },
    async close() {
      await provider.shutdown().catch(() => undefined);
      context.disable();
      propagation.disable();
    },
  };
}

function textAt(from: unknown, key: string): string | undefined {
  const value = typeof from === 'object' && from !== null ? Reflect.get(from, key) : undefined;
  // Of a caller: bounded before it is parsed.
  return typeof value === 'string' && value.length <= 512 ? value : undefined;
}

function endCall(span: Span, end: RequestEnd): void {
  const { rpcMethod = 'call', operation } = end;
  span.updateName(operation === undefined ? rpcMethod : `${rpcMethod} ${operation}`);
  span.setAttributes({
    'mcp.method.name': rpcMethod,
    'network.transport': 'tcp',
    ...(operation !== undefined && {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': operation,
    }),
    ...(end.repository !== undefined && { 'conexus.repository': end.repository }),
    ...(end.repositories !== undefined && { 'conexus.repositories': [...end.repositories] }),
    ...(end.error !== undefined && { 'error.type': operation === undefined ? end.error : 'tool_error' }),
  });
  setOutcome(span, end);
  span.end();
}

function endRequest(span: Span, end: RequestEnd): void {
  span.updateName(
    end.door === 'rest' && end.operation !== undefined ? `POST /v1/${end.operation}` : `HTTP ${end.door}`,
  );
  span.setAttributes({
    'http.response.status_code': end.status,
    'conexus.door': end.door,
    'conexus.outcome': end.outcome,
    'conexus.request_id': end.id,
  });
  setOutcome(span, end);
  span.end();
}

/** A caller's own mistake is no failure of the server. */
function setOutcome(span: Span, { outcome }: RequestEnd): void {
  if (outcome === 'internal' || outcome === 'timeout') span.setStatus({ code: SpanStatusCode.ERROR });
}
