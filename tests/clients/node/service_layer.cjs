// Runs the unmodified npm client b1-service-layer through one working day; prints what it saw.
const ServiceLayer = require('b1-service-layer')

async function day (config) {
  const client = new ServiceLayer()
  await client.createSession(config)
  const items = await client.find('Items?$select=ItemCode')
  const found = await client.query("Items?$filter=ItemCode eq '" + items[0].ItemCode + "'")
  const partner = { CardCode: config.code, CardName: 'Corner Shop', CardType: 'cCustomer' }
  const created = await client.post('BusinessPartners', partner)
  const order = await client.post('Orders', {
    CardCode: config.code,
    DocDueDate: '2026-12-24',
    DocumentLines: [{ ItemCode: items[0].ItemCode, Quantity: 2, UnitPrice: 10 }]
  })
  const patched = await client.patch(`Orders(${order.DocEntry})`, { Comments: 'call first' })
  const again = await client.get(`Orders(${order.DocEntry})`)
  const refused = await client.post('BusinessPartners', partner)
  const missing = await client.get("Items('nothing')")
  return { items, found, created, order, patched, again, refused, missing }
}

console.error = () => {}
day(JSON.parse(process.argv[2])).then(
  (seen) => console.log(JSON.stringify(seen)),
  (error) => { console.log(JSON.stringify({ failed: error.message })); process.exitCode = 1 }
)
