using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace CarbonMarket.Identity.Tokens;

/// <summary>
/// The platform's signing key, from a file that outlives restarts: a token issued before a restart must be good after it.
/// There is no key of last resort; without the file the service does not start.
/// </summary>
public static class SigningKey
{
    private const string Setting = "Identity:SigningKeyFile";
    private const int SmallestBits = 2048;

    public static RsaSecurityKey Load(IConfiguration configuration)
    {
        var file = configuration[Setting];
        if (string.IsNullOrWhiteSpace(file))
            throw new InvalidOperationException($"{Setting} is not set: the PEM file of the RSA private key (PKCS#8) that tokens are signed with.");
        if (!File.Exists(file))
            throw new InvalidOperationException($"{Setting} names '{file}', which does not exist or may not be read.");
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(File.ReadAllText(file));
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            throw new InvalidOperationException($"{Setting}: '{file}' holds no unencrypted RSA key in PEM form.", exception);
        }
        if (rsa.KeySize < SmallestBits)
            throw new InvalidOperationException($"{Setting}: '{file}' holds {rsa.KeySize} bits; at least {SmallestBits} are needed.");
        // Parameters and not the object: the token handler then makes one RSA object per thread instead of sharing this one.
        var key = new RsaSecurityKey(Private(rsa, file));
        key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        return key;
    }

    private static RSAParameters Private(RSA rsa, string file)
    {
        try
        {
            return rsa.ExportParameters(includePrivateParameters: true);
        }
        catch (CryptographicException exception)
        {
            throw new InvalidOperationException($"{Setting}: '{file}' holds a public key; tokens are signed with the private one.", exception);
        }
    }
}
