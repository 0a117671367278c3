// The life of a VM as a program with the npm package xen-api writes it: SR, disk, network, snapshot, export, import;
// by checksums, what comes out is what went in.
// usage: node flow.mjs SOCKET USER PASSWORD FOLDER   FOLDER: of the host, for the SR; prints ok and not ok lines
import { createHash } from 'node:crypto'
import { report, open, until, check, end } from './common.mjs'

const [socket, user, password, folder] = process.argv.slice(2)
const xapi = await open(socket, user, password, 'json-rpc', 1000)
const MIB = 1 << 20
const sum = bytes => createHash('sha256').update(bytes).digest('hex')

// Bytes that no compression shortens, always the same for one seed.
function noise(seed, length) {
  const parts = []
  for (let i = 0; i * 32 < length; i++) parts.push(createHash('sha256').update(`${seed} ${i}`).digest())
  return Buffer.concat(parts).subarray(0, length)
}
const put = async (bytes, path, query) => {
  const response = await xapi.putResource(bytes, path, { query, task: await xapi.call('task.create', path, '') })
  return response // the task's result: putResource waits for it
}
const get = async (path, query) => {
  const response = await xapi.getResource(path, { query, task: await xapi.call('task.create', path, '') })
  const parts = []
  for await (const part of response.body) parts.push(part)
  await response.task
  return Buffer.concat(parts)
}
const find = ref => xapi.getObjectByRef(ref, undefined)
const exported = vdi => get('/export_raw_vdi/', { vdi, format: 'raw' })
const disks = async vm => {
  const all = []
  for (const vbd of await xapi.call('VM.get_VBDs', vm)) all.push(await xapi.call('VBD.get_VDI', vbd))
  return all
}

const TYPES = ['VM', 'VDI', 'SR', 'PBD', 'VIF', 'VBD', 'VIF_metrics', 'network']
const things = () => Object.values(xapi.objects.all).filter(_ => TYPES.includes(_.$type)).map(_ => _.$ref).sort().join()
const before = things()
const host = xapi.pool.master
const first = noise('first', 2 * MIB), second = noise('second', 2 * MIB)
let sr, vdi, net, vm, vif, vbd, snapshot, xva, imported

await check('makes an SR', async () => {
  sr = await xapi.callAsync('SR.create', host, { location: folder }, 0, 'flow', '', 'file', 'user', false, {})
})
await check('a disk on it', async () => {
  vdi = await xapi.call('VDI.create', {
    name_label: 'flow', name_description: '', SR: sr, virtual_size: 4 * MIB, type: 'user', sharable: false,
    read_only: false, other_config: {}, xenstore_data: {}, sm_config: {}, tags: [],
  })
})
await check('fills it', () => put(first, '/import_raw_vdi/', { vdi, format: 'raw' }))
await check('reads it back', async () => sum((await exported(vdi)).subarray(0, first.length)) === sum(first))

await check('a network', async () => {
  net = await xapi.call('network.create', { name_label: 'flow', name_description: '', MTU: 1500, other_config: {}, tags: [] })
})
await check('a VM', async () => {
  const template = Object.values(xapi.objects.all).find(_ => _.$type === 'VM' && _.name_label === 'Linux PVH')
  vm = await xapi.callAsync('VM.clone', template.$ref, 'flow')
  await xapi.call('VM.set_is_a_template', vm, false)
  await xapi.call('VM.set_PV_bootloader', vm, '')
  await xapi.call('VM.set_PV_kernel', vm, '/srv/guests/vmlinux')
  await xapi.call('VM.set_PV_ramdisk', vm, '/srv/guests/initrd')
  await xapi.call('VM.set_PV_args', vm, 'console=hvc0 quiet')
  await xapi.call('VM.set_memory_limits', vm, 64 * MIB, 96 * MIB, 64 * MIB, 96 * MIB)
})
await check('starts it', () => xapi.callAsync('VM.start', vm, false, false))
await until('the cache sees it running', () => find(vm)?.power_state === 'Running')
await check('gives it the disk', async () => {
  vbd = await xapi.call('VBD.create', {
    VM: vm, VDI: vdi, userdevice: '0', bootable: false, mode: 'RW', type: 'Disk', unpluggable: true, empty: false,
    other_config: {}, qos_algorithm_type: '', qos_algorithm_params: {},
  })
  await xapi.callAsync('VBD.plug', vbd)
})
await check('and a card', async () => {
  vif = await xapi.call('VIF.create', {
    VM: vm, network: net, device: '0', MAC: '', MTU: 1500, other_config: {}, qos_algorithm_type: '',
    qos_algorithm_params: {}, locking_mode: 'network_default', ipv4_allowed: [], ipv6_allowed: [],
  })
  await xapi.callAsync('VIF.plug', vif)
})
await until('the cache sees both plugged', () => find(vbd)?.currently_attached && find(vif)?.currently_attached)
await check('metrics of the card are there', async () => {
  const m = await xapi.call('VIF_metrics.get_record', await xapi.call('VIF.get_metrics', vif))
  return typeof m.io_read_kbs === 'number' && m.io_read_kbs >= 0
})
await check('takes a snapshot while it runs', async () => {
  snapshot = await xapi.callAsync('VM.snapshot', vm, 'flow before', [])
})
await until('the cache has it', () => find(snapshot)?.is_a_snapshot && find(snapshot)?.snapshot_of === vm)
await check('ends the guest', () => xapi.callAsync('VM.hard_shutdown', vm))
await check('writes something else', () => put(second, '/import_raw_vdi/', { vdi, format: 'raw' }))
await check('which is there', async () => sum((await exported(vdi)).subarray(0, second.length)) === sum(second))
await check('reverts', () => xapi.callAsync('VM.revert', snapshot))
await check('the disk is as it was', async () => {
  ;[vdi] = await disks(vm)
  return sum((await exported(vdi)).subarray(0, first.length)) === sum(first)
})
await check('the card is there again', async () => (await xapi.call('VM.get_VIFs', vm)).length === 1)

await check('exports it', async () => {
  xva = await get('/export/', { ref: vm, use_compression: 'false' })
  return xva.length > 2 * MIB
})
await check('imports it', async () => {
  const result = await put(xva, '/import/', { sr_id: sr })
  imported = result && [...String(result).matchAll(/OpaqueRef:[0-9a-f-]+/g)].map(_ => _[0])[0]
  imported ??= (await xapi.call('VM.get_by_name_label', 'flow')).find(_ => _ !== vm)
  return Boolean(imported)
})
await until('the cache has it', () => find(imported)?.$type === 'VM')
await check('its disk is the same', async () => {
  const [copy] = await disks(imported)
  return copy !== vdi && sum((await exported(copy)).subarray(0, first.length)) === sum(first)
})

await check('destroys all of it', async () => {
  for (const one of [imported, vm, snapshot]) {
    const vdis = await disks(one)
    await xapi.callAsync('VM.destroy', one)
    for (const disk of vdis) await xapi.callAsync('VDI.destroy', disk)
  }
  await xapi.call('network.destroy', net)
  for (const pbd of await xapi.call('SR.get_PBDs', sr)) await xapi.callAsync('PBD.unplug', pbd)
  await xapi.callAsync('SR.destroy', sr)
})
await until('the cache is as it was', () => things() === before)
await end()
