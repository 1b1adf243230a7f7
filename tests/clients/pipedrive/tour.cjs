// What else a program of somebody's may ask, as an installed app, with Pipedrive's own client.
const v1 = require("pipedrive/v1");
const v2 = require("pipedrive/v2");

const given = JSON.parse(process.argv[2]);
const app = new v2.OAuth2Configuration({
  clientId: "sim-client",
  clientSecret: "sim-client-secret",
  redirectUri: "https://app.example/callback",
  host: given.origin,
});

async function tour() {
  const seen = {};
  await app.authorize(given.code);
  const newer = new v2.Configuration({ accessToken: app.getAccessToken, basePath: app.basePath });
  const basePath = `${given.origin}/v1`;
  const older = new v1.Configuration({ accessToken: app.getAccessToken, basePath });
  const deals = new v2.DealsApi(newer);
  const lined = new v2.DealProductsApi(newer);
  const products = new v2.ProductsApi(newer);
  const fields = new v2.OrganizationFieldsApi(newer);
  const activities = new v2.ActivitiesApi(newer);
  const stages = new v2.StagesApi(newer);
  const pipelines = new v2.PipelinesApi(newer);
  const persons = new v2.PersonsApi(newer);

  const pipeline = await pipelines.addPipeline({ AddPipelineRequest: { name: "Partners" } });
  const stage = await stages.addStage({
    AddStageRequest: { name: "Asked", pipeline_id: pipeline.data.id },
  });
  seen.stages = await stages.getStages({ pipeline_id: pipeline.data.id, sort_by: "order_nr" });
  const ann = await persons.addPerson({ AddPersonRequest: { name: "Ann Lee" } });
  const deal = await deals.addDeal({
    AddDealRequest: { title: "Big", stage_id: stage.data.id, person_id: ann.data.id },
  });
  const id = deal.data.id;
  seen.persons = await persons.getPersons({ deal_id: id });
  const pen = await products.addProduct({
    AddProductRequest: { name: "Pen", code: "A1", prices: [{ currency: "EUR", price: 10 }] },
  });
  seen.copy = await products.duplicateProduct({ id: pen.data.id });
  const line = { product_id: pen.data.id, item_price: 10, quantity: 2 };
  seen.bulk = await lined.addManyDealProducts({
    id,
    CreateManyDealProductRequest: { data: [line, { ...line, quantity: 3 }] },
  });
  seen.lines = await lined.getDealsProducts({ deal_ids: [id] });
  seen.discount = await deals.postAdditionalDiscount({
    id,
    AddAdditionalDiscountRequestBody: { description: "Spring", amount: 10, type: "percentage" },
  });
  seen.cheaper = await deals.getDeal({ id });
  seen.gone = await lined.deleteManyDealProducts({ id });
  const call = await activities.addActivity({
    AddActivityRequest: { subject: "Call Ann", type: "call", deal_id: id, due_date: "2026-11-23" },
  });
  seen.done = await activities.updateActivity({
    id: call.data.id,
    AddActivityRequest: { done: true },
  });
  seen.calls = await activities.getActivities({ deal_id: id, done: true, sort_by: "due_date" });
  const field = await fields.addOrganizationField({
    AddOrganizationFieldRequest: {
      field_name: "Segment",
      field_type: "enum",
      options: [{ label: "A" }],
    },
  });
  seen.options = await fields.addOrganizationFieldOptions({
    field_code: field.data.field_code,
    AddDealFieldOptionsRequestInner: [{ label: "B" }],
  });
  seen.found = await new v2.ItemSearchApi(newer).searchItem({ term: "Big", item_types: "deal" });
  await deals.updateDeal({ id, UpdateDealRequest: { is_archived: true } });
  seen.archived = await deals.getArchivedDeals({});
  seen.left = await deals.getDeals({});
  seen.user = await new v1.UsersApi(older).getUser({ id: 102 });
  seen.types = await new v1.ActivityTypesApi(older).getActivityTypes();
  seen.currencies = await new v1.CurrenciesApi(older).getCurrencies({ term: "US" });
  await app.tokenRefresh();
  seen.again = await deals.getDeal({ id });
  await app.revokeToken("refresh_token");
  try {
    await deals.getDeal({ id });
  } catch (error) {
    seen.revoked = { ...error };
  }
  return seen;
}

tour().then(
  (seen) => console.log(JSON.stringify(seen)),
  (error) => {
    console.error(error, error.response?.data);
    process.exit(1);
  },
);
