using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace CarbonMarket.Verification.Http;

/// <summary>A plant in Gansu with one boiler: what it plans and files for 2022.</summary>
internal static class PowerPlant
{
    public const string Gansu = "/verification/markets/gansu";

    public static readonly object[] Meters = [new { code = "M1", name = "Belt scale", accuracyPercent = 0.5m, calibrationMonths = 12 }];

    private static readonly byte[] CertificateOfScale = "The belt scale M1 was found exact."u8.ToArray();

    private static readonly object Certificate = new
    {
        sha256 = Hash(CertificateOfScale), name = "Certificate.pdf", kind = "calibration",
        calibration = new { meter = "M1", calibratedOn = "2020-12-01", validUntil = "2023-12-31", errorPercent = 0 },
    };

    public static readonly object[] Streams =
        [new { code = "S1", name = "Boiler", method = "combustion-ncv", scope = new { fuel = "bituminous" } }];

    public static object Input(string input, string basis = "measured", string? meter = null, string stream = "S1") =>
        new { stream, input, basis, meter, procedure = "As the guideline says." };

    public static object Plan(string oxidation = "default", string? reason = null) => new
    {
        meters = Meters, streams = new[] { new { code = "S1", name = "Boiler", method = "combustion-ncv", scope = new { fuel = "bituminous" } } },
        inputs = new[] { Input("quantity", meter: "M1"), Input("ncv"), Input("carbonPerEnergy", "default"), Input("oxidationRate", oxidation) },
        reason,
    };

    public static object Figure(string input, decimal value, string unit, string evidence, string stream = "S1") => new { stream, input, value, unit, evidence };

    /// <summary>As <see cref="Plan"/> says of one boiler, of each of several.</summary>
    public static object PlanOf(string fuel, params string[] boilers) => new
    {
        meters = Meters, streams = boilers.Select(code => new { code, name = "Boiler", method = "combustion-ncv", scope = new { fuel } }),
        inputs = boilers.SelectMany(stream => new[]
        {
            Input("quantity", meter: "M1", stream: stream), Input("ncv", stream: stream), Input("carbonPerEnergy", "default", stream: stream),
            Input("oxidationRate", "default", stream: stream),
        }),
    };

    public static object MonthOf(string hash, decimal quantity, decimal ncv, params string[] boilers) => new
    {
        files = new object[] { new { sha256 = hash, name = "January.csv", kind = "meter-reading" }, Certificate },
        figures = boilers.SelectMany(stream => new[] { Figure("quantity", quantity, "t", hash, stream), Figure("ncv", ncv, "GJ/t", hash, stream) }),
    };

    public static object Month(string hash, decimal quantity = 1000, decimal ncv = 23.5m) => MonthOf(hash, quantity, ncv, "S1");

    public static object WithUnits(object[] units, string? reason = null) => new
    {
        reason,
        meters = Meters, streams = Streams,
        inputs = new[] { Input("quantity", meter: "M1"), Input("ncv"), Input("carbonPerEnergy", "default"), Input("oxidationRate", "default") }, units,
    };

    /// <summary>A month with 2,800 MWh of a generating unit.</summary>
    public static object Generated(string hash, string unit, decimal heatSuppliedGj, decimal boilerHeatGj, decimal runningHours, decimal loadFactorPercent) => new
    {
        files = new[] { new { sha256 = hash, name = "readings.csv", kind = "meter-reading" } },
        figures = new[] { Figure("quantity", 1000, "t", hash), Figure("ncv", 23.5m, "GJ/t", hash) },
        units = new[] { new { generatingUnit = unit, generationMwh = 2800, heatSuppliedGj, boilerHeatGj, runningHours, loadFactorPercent, evidence = hash } },
    };

    /// <summary>A month of 1,000 t of coal with its stock book.</summary>
    public static object Stocked(string hash, params object[] stocks) => new
    {
        files = new[] { new { sha256 = hash, name = "readings.csv", kind = "meter-reading" } },
        figures = new[] { Figure("quantity", 1000, "t", hash), Figure("ncv", 23.5m, "GJ/t", hash) }, stocks,
    };

    public static object Stock(string input, decimal opening, decimal purchased, decimal closing, string unit, string evidence) =>
        new { stream = "S1", input, opening, purchased, sold = 0, closing, unit, evidence };

    /// <summary>A month of 1,000 t of coal and 2,800 MWh of unit U1 with a laboratory's report and what other sources say.</summary>
    public static object Told(string hash, object test, params object[] crossReadings) => new
    {
        files = new object[] { new { sha256 = hash, name = "report.csv", kind = "lab-report", test } },
        figures = new[] { Figure("quantity", 1000, "t", hash), Figure("ncv", 23.5m, "GJ/t", hash) },
        units = new[]
        {
            new { generatingUnit = "U1", generationMwh = 2800, heatSuppliedGj = 0, boilerHeatGj = 20_000, runningHours = 700, loadFactorPercent = 40, evidence = hash },
        },
        crossReadings,
    };

    /// <summary>What a laboratory measured on a sample of January 2021.</summary>
    public static object AirDried(decimal totalMoisture, decimal grossCalorific) => new
    {
        laboratory = "Lanzhou", mark = "cma", basis = "as-fired", sampledOn = "2021-01-10", testedOn = "2021-01-20", totalMoisturePercent = totalMoisture,
        airDriedMoisturePercent = 2, airDriedHydrogenPercent = 4, airDriedGrossCalorificGjPerT = grossCalorific,
    };

    public static object Reading(string of, string input, string source, decimal value, string unit, string evidence) => new { of, input, source, value, unit, evidence };

    /// <summary>A filing of the year as the evidence has it, with an answer to every warning.</summary>
    public static async Task<object> Filing(this HttpClient emitter, Guid plant, int year)
    {
        var found = (await emitter.Get($"{Gansu}/evidence/{plant}/{year}/checks").Json()).GetProperty("items").EnumerateArray();
        return new
        {
            year, fromEvidence = true,
            answers = found.Select(one => new { code = one.GetProperty("code").GetString(), path = one.GetProperty("path").GetString(), text = "So it was." }).ToList(),
        };
    }

    public static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public static Task<HttpResponseMessage> Keep(this HttpClient client, string hash, byte[] content, string mediaType = "text/csv") =>
        client.PutAsync(
            new Uri($"{Gansu}/evidence/files/{hash}", UriKind.Relative),
            new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } }, TestContext.Current.CancellationToken);

    /// <summary>The hash of a file that is kept, and with it the certificate that the months show.</summary>
    public static async Task<string> Kept(this HttpClient client, string text)
    {
        (await client.Keep(Hash(CertificateOfScale), CertificateOfScale).Status()).ShouldBe(HttpStatusCode.OK);
        var content = Encoding.UTF8.GetBytes(text);
        (await client.Keep(Hash(content), content).Status()).ShouldBe(HttpStatusCode.OK);
        return Hash(content);
    }
}
