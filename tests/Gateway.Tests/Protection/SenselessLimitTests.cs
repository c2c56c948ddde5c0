using System.Reflection;
using CarbonMarket.Gateway.Running;
using Microsoft.Extensions.Options;

namespace CarbonMarket.Gateway.Protection;

public sealed class SenselessLimitTests
{
    [Theory]
    [InlineData("Limits:PerClient:Burst", "0")]
    [InlineData("Limits:PerAddress:PerSecond", "-1")]
    [InlineData("Limits:TokensPerAddress:Burst", "0")]
    [InlineData("Limits:LargestBodyBytes", "0")]
    public async Task A_gateway_with_senseless_limits_does_not_start(string setting, string value) =>
        (await Should.ThrowAsync<OptionsValidationException>(() => Run($"--{setting}={value}").WaitAsync(TimeSpan.FromMinutes(1))))
            .Message.ShouldContain(setting.Split(':')[^1]);

    [Fact]
    public async Task A_gateway_that_is_to_trust_what_is_no_address_does_not_start() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => Run("--TrustedProxies=10.0.0.1,the-proxy").WaitAsync(TimeSpan.FromMinutes(1))))
            .Message.ShouldContain("'the-proxy'");

    /// <summary>The program itself, until it ends.</summary>
    private static Task<object?> Run(string argument) => Task.Run(() => typeof(Program).Assembly.EntryPoint!.Invoke(
        null, BindingFlags.DoNotWrapExceptions, null,
        [new[] { argument, $"--Identity:Issuer={TokenSigner.Issuer}", "--Identity:MetadataAddress=http://127.0.0.1:9/", "--Urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None" }],
        null));
}
