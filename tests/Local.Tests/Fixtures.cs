using CarbonMarket.Testing.Servers;

[assembly: AssemblyFixture(typeof(RealServers))]
