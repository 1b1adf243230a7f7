// A working day with Pipedrive's own client, v2 for records and v1 for notes and webhooks.
const v1 = require("pipedrive/v1");
const v2 = require("pipedrive/v2");

const given = JSON.parse(process.argv[2]);
const newer = new v2.Configuration({ apiKey: given.token, basePath: `${given.origin}/api/v2` });
const older = new v1.Configuration({ apiKey: given.token, basePath: `${given.origin}/v1` });

async function refusal(work) {
  try {
    return await work();
  } catch (error) {
    return { ...error }; // it throws the body of the answer
  }
}

async function day() {
  const organizations = new v2.OrganizationsApi(newer);
  const fields = new v2.OrganizationFieldsApi(newer);
  const deals = new v2.DealsApi(newer);
  const lined = new v2.DealProductsApi(newer);
  const products = new v2.ProductsApi(newer);
  const persons = new v2.PersonsApi(newer);

  const field = await fields.addOrganizationField({
    AddOrganizationFieldRequest: { field_name: "SAP customer code", field_type: "varchar" },
  });
  const code = field.data.field_code;
  const organization = await organizations.addOrganization({
    AddOrganizationRequest: { name: "Acme", custom_fields: { [code]: "C1" } },
  });
  const person = await persons.addPerson({
    AddPersonRequest: {
      name: "Ann Lee",
      org_id: organization.data.id,
      emails: [{ value: "ann@x.test", primary: true, label: "work" }],
    },
  });
  const product = await products.addProduct({
    AddProductRequest: { name: "Pen", code: "A1", prices: [{ currency: "EUR", price: 9.99 }] },
  });
  const deal = await deals.addDeal({
    AddDealRequest: { title: "Big", org_id: organization.data.id, person_id: person.data.id },
  });
  const line = await lined.addDealProduct({
    id: deal.data.id,
    AddDealProductRequest: { product_id: product.data.id, item_price: 9.99, quantity: 3 },
  });
  const won = await deals.updateDeal({ id: deal.data.id, UpdateDealRequest: { status: "won" } });
  const note = await new v1.NotesApi(older).addNote({
    AddNoteRequest: { content: "<b>Invoice 7</b>", org_id: organization.data.id },
  });
  const hook = await new v1.WebhooksApi(older).addWebhook({
    AddWebhookRequest: {
      subscription_url: "https://hub.example/in",
      event_action: "*",
      event_object: "deal",
      name: "test",
    },
  });
  const me = await new v1.UsersApi(older).getCurrentUser();
  const listed = await organizations.getOrganizations({ limit: 1 });
  const lines = await lined.getDealProducts({ id: deal.data.id });
  const gone = await refusal(() => deals.getDeal({ id: 999 }));
  const ended = await organizations.deleteOrganization({ id: organization.data.id });
  return { code, organization, person, product, deal, line, won, note, hook, me, listed, lines, gone, ended };
}

day().then(
  (seen) => console.log(JSON.stringify(seen)),
  (error) => {
    console.error(error, error.response?.data);
    process.exit(1);
  },
);
