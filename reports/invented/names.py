"""Names of invented people; whoever uses them lets them end in "Contoh"."""

MEN = (
    "Andi Bima Dedi Eko Fajar Gilang Hadi Irfan Joni Kevin Lukas Marthen Nando Oktavianus Petrus Rahmat Stefanus Tono "
    "Umbu Valen Wahyu Yanto Zaki Gusti Putu Nyoman Komang Ferdy Melki Aldo"
).split()
WOMEN = (
    "Ana Bunga Citra Dina Elsa Fitri Grace Hesti Intan Juli Kartika Lestari Mega Nita Okta Prita Ratna Sinta Tika Umi "
    "Vera Wati Yuni Zahra Ayu Kadek Luh Desi Novi Rosa"
).split()
MIDDLE = (
    "Adi Surya Jaya Putra Kurnia Permana Nugraha Saputra Wijaya Pratama Lestari Anggara Mahardika Utama Santosa Cahya "
    "Perdana Setia Wibawa Kusuma"
).split()
