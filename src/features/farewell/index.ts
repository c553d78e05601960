export { farewellRoutes } from './farewell.routes.ts'
