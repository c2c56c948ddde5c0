namespace CarbonMarket.BankSimulator;

internal static class Program
{
    public static Task Main(string[] args) => Simulator.Build(args).RunAsync();
}
