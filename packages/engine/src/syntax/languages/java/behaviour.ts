/** Java for the reader of behaviour: node types, and what names of its library and of common packages do. A table. */

import { type BehaviourLanguage, types } from '../../behaviour/behaviour-language.ts';
import type { BehaviourReader } from '../../behaviour/behaviour-reader.ts';
import type { Scope } from '../../behaviour/scopes.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';

export const javaBehaviour: BehaviourLanguage = {
  id: 'java',
  separator: '.',
  functions: types(
    'method_declaration constructor_declaration compact_constructor_declaration lambda_expression',
  ),
  constructors: (_name, node) => /constructor/.test(node.type),
  resultFields: ['type'],
  classes: types(
    'class_declaration interface_declaration enum_declaration record_declaration annotation_type_declaration',
  ),
  namelessClasses: { object_creation_expression: 'class_body' },
  bases: types('superclass super_interfaces extends_interfaces'),
  parameters: types('formal_parameter spread_parameter identifier'),
  receivers: types('this'),
  identifiers: types('identifier type_identifier'),
  declares: {
    variable_declarator: ['name'],
    enhanced_for_statement: ['name'],
    catch_formal_parameter: ['name'],
    resource: ['name'],
  },
  fields: { field_declaration: 'declarator' },
  members: { field_access: ['object', 'field'], scoped_identifier: ['scope', 'name'] },
  elements: { array_access: 'array' },
  calls: { method_invocation: { object: 'object', name: 'name' } },
  creations: { object_creation_expression: 'type' },
  wrappers: types('parenthesized_expression'),
  assigns: { assignment_expression: ['left', 'right'] },
  updates: { update_expression: '' },
  raises: types('throw_statement'),
  returns: types('return_statement'),
  yields: types(''),
  continues: types('continue_statement'),
  breaks: types('break_statement'),
  loops: types('for_statement enhanced_for_statement while_statement do_statement'),
  tries: { try_statement: types('catch_clause'), try_with_resources_statement: types('catch_clause') },
  handlerBody: (handler) => childOf(handler, 'body'),
  caughtTypes: (handler, reader) => {
    const parameter = handler.children.find((child) => child.type === 'catch_formal_parameter');
    const list = parameter?.children.find((child) => child.type === 'catch_type');
    return (list?.children ?? []).map((child) => reader.text(child));
  },
  noops: types(''),
  comments: types('line_comment block_comment'),
  strings: types('string_literal'),
  concurrencyNodes: { synchronized_statement: 'locks' },
  concurrencyCalls: {
    spawns: `Thread.start Thread.ofVirtual Thread.startVirtualThread java.util.concurrent.CompletableFuture.runAsync java.util.concurrent.CompletableFuture.supplyAsync
      java.util.concurrent.Executors.* java.util.concurrent.ExecutorService.submit java.util.concurrent.ExecutorService.execute java.util.concurrent.Executor.execute java.util.concurrent.ForkJoinPool.submit`,
    schedules: 'java.util.concurrent.ScheduledExecutorService.* java.util.Timer.schedule',
    joins:
      'java.util.concurrent.CompletableFuture.allOf java.util.concurrent.CompletableFuture.join java.util.concurrent.CompletableFuture.get java.util.concurrent.Future.get java.util.concurrent.CountDownLatch.await Thread.join',
    locks: `java.util.concurrent.locks.Lock.lock java.util.concurrent.locks.ReentrantLock.lock java.util.concurrent.locks.Lock.tryLock java.util.concurrent.locks.ReentrantLock.tryLock java.util.concurrent.Semaphore.acquire`,
    creates: `java.util.concurrent.locks.ReentrantLock java.util.concurrent.locks.ReentrantReadWriteLock java.util.concurrent.CountDownLatch java.util.concurrent.Semaphore java.util.concurrent.CyclicBarrier`,
  },
  effects: {
    network: `java.net.Socket java.net.Socket.* java.net.ServerSocket java.net.ServerSocket.* java.net.URL.openConnection java.net.URL.openStream java.net.HttpURLConnection.connect java.net.HttpURLConnection.getInputStream java.net.HttpURLConnection.getOutputStream java.net.HttpURLConnection.getResponseCode
      java.net.HttpURLConnection.getErrorStream java.net.URLConnection.connect java.net.URLConnection.getInputStream java.net.URLConnection.getOutputStream
      java.net.http.HttpClient.send java.net.http.HttpClient.sendAsync java.net.DatagramSocket.* java.net.InetAddress.getByName java.net.InetAddress.getAllByName java.net.InetAddress.getLocalHost
      okhttp3.OkHttpClient.newCall org.apache.http.client.HttpClient.execute org.springframework.web.client.RestTemplate.* java.nio.channels.SocketChannel.*`,
    files: `java.nio.file.Files.* java.io.FileInputStream java.io.FileOutputStream java.io.FileReader java.io.FileWriter java.io.RandomAccessFile java.io.File.exists java.io.File.delete java.io.File.mkdir java.io.File.mkdirs
      java.io.File.createNewFile java.io.File.listFiles java.io.File.list java.io.File.renameTo java.io.File.isDirectory java.io.File.isFile java.io.File.length java.io.File.lastModified java.io.File.createTempFile java.io.File.deleteOnExit
      java.io.File.setLastModified java.io.File.canRead java.io.File.canWrite
      java.io.RandomAccessFile.* java.io.FileInputStream.* java.io.FileOutputStream.* java.nio.channels.FileChannel.*`,
    processes:
      'Runtime.getRuntime.exec ProcessBuilder.start System.exit Runtime.getRuntime.halt Runtime.getRuntime.addShutdownHook',
    database: `java.sql.DriverManager.getConnection java.sql.Connection.* java.sql.PreparedStatement.* java.sql.Statement.* java.sql.ResultSet.next javax.sql.DataSource.getConnection org.springframework.jdbc.core.JdbcTemplate.*
      javax.persistence.EntityManager.* jakarta.persistence.EntityManager.*`,
    logs: `org.slf4j.Logger.* org.apache.logging.log4j.Logger.* java.util.logging.Logger.* org.apache.commons.logging.Log.* org.apache.log4j.Logger.*
      org.slf4j.LoggerFactory.getLogger.* java.util.logging.Logger.getLogger.*`,
    metrics: 'io.micrometer.core.instrument.* io.prometheus.client.*',
    output: 'System.out.* System.err.*',
    input: 'System.in.*',
    time: 'System.currentTimeMillis System.nanoTime java.time.Instant.now java.time.LocalDateTime.now java.time.LocalDate.now java.time.ZonedDateTime.now Thread.sleep',
    randomness:
      'java.util.Random java.util.Random.* Math.random java.util.UUID.randomUUID java.security.SecureRandom.* java.util.concurrent.ThreadLocalRandom.*',
    none: `java.util.logging.Logger.getLogger org.slf4j.LoggerFactory.getLogger java.util.logging.Logger.isLoggable org.slf4j.Logger.isDebugEnabled org.slf4j.Logger.isTraceEnabled org.slf4j.Logger.isInfoEnabled
      org.slf4j.Logger.isWarnEnabled org.slf4j.Logger.isErrorEnabled org.slf4j.Logger.getName org.apache.commons.logging.Log.isDebugEnabled org.apache.commons.logging.Log.isInfoEnabled org.apache.commons.logging.Log.isWarnEnabled
      org.apache.commons.logging.Log.isErrorEnabled java.util.logging.Logger.getName java.util.logging.Logger.setLevel java.util.logging.Logger.getLevel java.util.logging.Logger.addHandler java.util.logging.Logger.removeHandler java.util.logging.Logger.getHandlers java.util.logging.Logger.setUseParentHandlers java.util.concurrent.ThreadLocalRandom.current`,
  },
  configCalls: {
    environment: 'System.getenv',
    property: 'System.getProperty Boolean.getBoolean Integer.getInteger Long.getLong',
  },
  configObjects: {},
  configMembers: false,
  ends: 'System.exit',
  panics: '',
  naming: { variable_declarator: 'name' },
  imports,
  extra(node, reader) {
    if (
      node.type === 'modifiers' &&
      /\bsynchronized\b/.test(reader.text(node)) &&
      reader.parent()?.type === 'method_declaration'
    )
      reader.add(
        node,
        { kind: 'concurrency', what: 'locks', text: 'synchronized' },
        reader.functions[reader.scope.index]?.headEnd,
      );
    if (node.type === 'field_declaration' && /\bvolatile\b/.test(reader.text(node.children[0] ?? node)))
      reader.add(node, { kind: 'concurrency', what: 'synchronizes', text: reader.short(node, 80) });
    if (/^(marker_)?annotation$/.test(node.type)) readValue(node, reader);
  },
  hasTailResult: false,
};

function imports(node: PlainNode, reader: BehaviourReader, scope: Scope): boolean {
  if (node.type !== 'import_declaration') return node.type === 'package_declaration';
  const [named] = node.children.filter((child) => /identifier/.test(child.type));
  if (!named) return true;
  const module = reader.text(named);
  reader.imports.push({ module, start: node.line, end: node.endLine });
  const isAll = node.children.some((child) => child.type === 'asterisk');
  if (!isAll) scope.imports.set(module.slice(module.lastIndexOf('.') + 1), module);
  return true;
}

/** `@Value("${a.b}")`. */
function readValue(node: PlainNode, reader: BehaviourReader): void {
  const name = childOf(node, 'name');
  if (!name || reader.text(name) !== 'Value') return;
  const key = /\$\{([\w.-]+)/.exec(reader.text(node))?.[1];
  if (key) reader.add(node, { kind: 'config', source: 'property', name: key, callee: '@Value' });
}
