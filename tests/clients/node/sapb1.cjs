// Runs the unmodified npm client node-sapb1 through one working day; prints what it saw.
const fs = require('fs')
const SAPb1 = require('node-sapb1')
const { Equal, InArray } = require('node-sapb1/lib/filters.js')

// Its functions end in two callbacks: what was found, and why not.
const got = (call) => new Promise((resolve, reject) => call(resolve, reject))
const refused = (call) => got((found, why) => call(found, why)).then(
  () => null, (why) => ({ status: why.statusCode(), error: why.toJson().error })
)

async function day (config) {
  if (config.certificate) config.ca = fs.readFileSync(config.certificate)
  const sap = await got((yes, no) => SAPb1.createSession(config, yes, no))
  const partners = sap.resource('BusinessPartners')
  const orders = sap.resource('Orders')
  const items = sap.resource('Items')
  const partner = { CardCode: config.code, CardName: 'Corner Shop', CardType: 'cCustomer' }
  const created = await got((yes, no) => partners.create(partner, yes, no))
  const twice = await refused((yes, no) => partners.create(partner, yes, no))
  const changed = await got((yes, no) => partners.update(config.code, { CardName: 'Renamed' }, yes, no))
  const again = await got((yes, no) => partners.queryBuilder().select('CardName').find(config.code, yes, no))
  const count = await got((yes, no) => items.queryBuilder().count(yes, no))
  const page = await got((yes, no) => items.queryBuilder().select('ItemCode').inlineCount().orderBy('ItemCode').limit(2, 1).findAll(yes, no))
  const codes = page.value.map((row) => row.ItemCode)
  const found = await got((yes, no) => items.queryBuilder().select('ItemCode').where(new InArray('ItemCode', codes)).findAll(yes, no))
  const order = await got((yes, no) => orders.create({
    CardCode: config.code,
    DocDueDate: '2026-12-24',
    DocumentLines: [{ ItemCode: codes[0], Quantity: '200', UnitPrice: 3 }]
  }, yes, no))
  const closed = await got((yes, no) => orders.action(order.DocEntry, 'Close', yes, no))
  const gone = await got((yes, no) => orders.queryBuilder().where(new Equal('CardCode', config.code)).select('DocumentStatus').findAll(yes, no))
  const kept = await refused((yes, no) => orders.delete(order.DocEntry, yes, no))
  return { session: sap.session(), created, twice, changed, again, count, page, found, order, closed, gone, kept }
}

day(JSON.parse(process.argv[2])).then(
  (seen) => console.log(JSON.stringify(seen)),
  (error) => { console.log(JSON.stringify({ failed: String(error.message || error.body()) })); process.exitCode = 1 }
)
