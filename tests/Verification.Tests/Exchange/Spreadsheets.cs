using System.Net;
using System.Net.Http.Headers;
using CarbonMarket.Verification.Http;
using static CarbonMarket.Verification.Http.PowerPlant;

namespace CarbonMarket.Verification.Exchange;

internal static class Spreadsheets
{
    public static Task<HttpResponseMessage> Upload(this HttpClient emitter, int year, byte[] content, string format) => emitter.PutAsync(
        new Uri($"{Gansu}/evidence/{year}/workbook", UriKind.Relative),
        new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(format == "csv" ? CsvSheets.MediaType : WorkbookReader.MediaType) } },
        TestContext.Current.CancellationToken);

    public static async Task<byte[]> Download(this HttpClient client, string path)
    {
        using var response = await client.Get(path);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }
}
