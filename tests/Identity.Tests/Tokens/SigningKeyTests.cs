using System.Security.Cryptography;
using CarbonMarket.Identity.Tokens;
using Microsoft.Extensions.Configuration;

namespace CarbonMarket.Identity.Tests.Tokens;

public sealed class SigningKeyTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void The_same_file_gives_the_same_key_id()
    {
        using var rsa = RSA.Create(2048);
        File.WriteAllText(_file, rsa.ExportPkcs8PrivateKeyPem());

        Load(_file).KeyId.ShouldBe(Load(_file).KeyId);
    }

    [Fact]
    public void Without_a_key_the_service_does_not_start()
    {
        Refusal(null).ShouldContain("is not set");
        Refusal("/nowhere/key.pem").ShouldContain("does not exist");
    }

    [Fact]
    public void What_is_no_strong_private_key_is_refused()
    {
        using var weak = RSA.Create(1024);
        using var strong = RSA.Create(2048);

        Written("no key").ShouldContain("no unencrypted RSA key");
        Written(weak.ExportPkcs8PrivateKeyPem()).ShouldContain("1024 bits");
        Written(strong.ExportSubjectPublicKeyInfoPem()).ShouldContain("public key");
    }

    private string Written(string content)
    {
        File.WriteAllText(_file, content);
        return Refusal(_file);
    }

    private static string Refusal(string? file) => Should.Throw<InvalidOperationException>(() => Load(file)).Message;

    private static Microsoft.IdentityModel.Tokens.RsaSecurityKey Load(string? file) => SigningKey.Load(new ConfigurationBuilder()
        .AddInMemoryCollection([new("Identity:SigningKeyFile", file)]).Build());
}
