using CarbonMarket.MainJob;

return await Command.Root().Parse(args).InvokeAsync();
