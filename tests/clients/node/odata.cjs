// Runs the unmodified generic OData client o.js (npm "odata"); prints what it saw.
const { o } = require('odata')

async function day (config) {
  const root = `${config.host}:${config.port}/b1s/v2/`
  const login = { CompanyDB: config.company, UserName: config.username, Password: config.password }
  const session = await (await fetch(root + 'Login', { method: 'POST', body: JSON.stringify(login) })).json()
  const headers = { Cookie: `B1SESSION=${session.SessionId}`, 'Content-Type': 'application/json' }
  const client = () => o(root, { headers })
  const partner = { CardCode: config.code, CardName: 'Corner Shop', CardType: 'cCustomer' }
  const place = `BusinessPartners('${config.code}')`
  const items = await client().get('Items').query({ $top: 2, $select: 'ItemCode', $orderby: 'ItemCode' })
  const created = await client().post('BusinessPartners', partner).query()
  await client().patch(place, { CardName: 'Renamed' }).query()
  const again = await client().get(place).query({ $select: 'CardName' })
  await client().delete(place).query()
  const missing = await client().get(place).query().catch((answer) => answer.status)
  return { items, created, again, missing }
}

day(JSON.parse(process.argv[2])).then((seen) => console.log(JSON.stringify(seen)))
