using System.CommandLine;
using CarbonMarket.Local.Commands;
using CarbonMarket.Local.Supervision;

// Stopping everything takes longer than the library's two seconds; the actions themselves end when asked to.
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(2) };
return await CommandLine.Build(Checkout.Here()).Parse(args).InvokeAsync(configuration);
