// The npm package xen-api against this project's service: its object cache must stay true.
// usage: node client.mjs URL|SOCKET USER PASSWORD TRANSPORT [start]   prints ok and not ok lines
// `start`: the VM named client-start is started and shut down too.
import { report, open, until, check, end } from './common.mjs'

const [url, user, password, transport, start] = process.argv.slice(2)
const xapi = await open(url, user, password, transport, 120)
report('has a pool', xapi.pool?.$type === 'pool', 'no pool record')
const all = () => Object.values(xapi.objects.all)
const named = name => all().find(_ => _.$type === 'VM' && _.name_label === name)
report('has Domain-0', all().some(_ => _.$type === 'VM' && _.is_control_domain), 'no such record')
report('has the host', all().some(_ => _.$type === 'host' && _.hostname), 'no such record')

await check('reads one field', async () => (await xapi.call('host.get_API_version_major', xapi.pool.master)) == 2)
await check('a fault has its code and parameters', async () => {
  try {
    await xapi.call('VM.get_record', 'OpaqueRef:nothing')
    return false
  } catch (error) {
    return error.code === 'HANDLE_INVALID' && error.params[0] === 'VM'
  }
})

const record = {
  name_label: 'client-1', name_description: 'made by a test', user_version: 1, is_a_template: false,
  affinity: 'OpaqueRef:NULL', memory_static_max: 1 << 28, memory_dynamic_max: 1 << 28,
  memory_dynamic_min: 1 << 27, memory_static_min: 1 << 27, VCPUs_params: {}, VCPUs_max: 2,
  VCPUs_at_startup: 1, actions_after_shutdown: 'destroy', actions_after_reboot: 'restart',
  actions_after_crash: 'restart', PV_bootloader: '', PV_kernel: '', PV_ramdisk: '', PV_args: '',
  PV_bootloader_args: '', PV_legacy_args: '', HVM_boot_policy: 'BIOS order', HVM_boot_params: { order: 'cdn' },
  platform: { acpi: 'true' }, PCI_bus: '', other_config: { 'made-by': 'test <&> "ü"' }, recommendations: '',
}
// XML-RPC wants integers as texts, as xen-api's users write them
if (transport === 'xml-rpc')
  for (const k of Object.keys(record)) if (typeof record[k] === 'number') record[k] = String(record[k])

let ref
await check('creates a VM', async () => Boolean((ref = await xapi.call('VM.create', record))))
await until('the cache has the new VM', () => named('client-1')?.$ref === ref)
report('texts come back as they were', named('client-1')?.other_config['made-by'] === 'test <&> "ü"', 'changed')
await check('renames it', () => xapi.call('VM.set_name_label', ref, 'client-2'))
await until('the cache has the new name', () => named('client-2') && !named('client-1'))
await check('adds to a map', () => xapi.call('VM.add_to_other_config', ref, 'k', ''))
await until('the cache has the key with an empty value', () => named('client-2')?.other_config.k === '')
await check('an asynchronous call ends', async () => {
  const copy = await xapi.callAsync('VM.clone', ref, 'client-clone')
  await until('the cache has the clone', () => named('client-clone')?.$ref === copy)
  await xapi.call('VM.destroy', copy)
})
await check('an asynchronous call without result ends', async () => {
  const other = await xapi.call('VM.create', { ...record, name_label: 'client-3' })
  await xapi.callAsync('VM.destroy', other)
})
await until('the cache has lost it', () => !named('client-3') && !named('client-clone'))

const vm = () => named('client-start')
if (start) {
  await check('starts a guest', () => xapi.callAsync('VM.start', vm().$ref, false, false))
  await until('the cache sees it running', () => vm().power_state === 'Running' && vm().domid !== '-1')
  await check('ends it', () => xapi.callAsync('VM.hard_shutdown', vm().$ref))
  await until('the cache sees it halted', () => vm().power_state === 'Halted')
}
await check('destroys the VM', () => xapi.call('VM.destroy', ref))
await until('the cache has lost the VM', () => !named('client-2'))
await end()
