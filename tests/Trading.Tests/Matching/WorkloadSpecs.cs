using System.Security.Cryptography;
using CarbonMarket.Bench;

namespace CarbonMarket.Trading.Tests.Matching;

/// <summary>
/// The workload files, made here to the byte, come through our market to the trades that engines of other makers give for
/// them, the sum over taker, maker, price and quantity of every trade included.
/// </summary>
public sealed class WorkloadSpecs
{
    [Theory]
    [InlineData("w100k", "70d290ab9c24b685483cd39d1bf1380d0e08d6fb90f8d5328baf4506868632a7", 31_763, 750_629, "f23349c2796fa02e", 622, 8_290)]
    [InlineData("w1m", "fa119991ed5a76e0555c15adfd96ccbb86320b30a2b4ba3a35b56bf0408c8391", 387_034, 11_314_799, "45662b5f8583e295", 6_089, 15_208)]
    [InlineData("wdeep", "a885506634d9db9e4187ffb6ac1881ed2ee2e51a49c9de6c5d447aec8fca3d05", 528_923, 13_832_179, "78675ab6b7395a95", 6_041, 71_298)]
    public void A_workload_file_comes_to_the_expected_trades(
        string file, string sha256, long trades, long quantity, string checksum, long cancelsRejected, long resting)
    {
        var operations = WorkloadGenerator.Files[file]().Make();
        Convert.ToHexStringLower(SHA256.HashData(WorkloadGenerator.Text(operations))).ShouldBe(sha256, "The file is not the one that others were given.");
        var replay = new WorkloadReplay(operations);
        replay.All();
        replay.Result.ShouldBe(new WorkloadResult(trades, quantity, checksum, cancelsRejected, resting));
    }
}
