from django.urls import path

from luyue.customers import pages

app_name = "customers"
urlpatterns = [
    path("customers/", pages.customers, name="customers"),
    path("customers/new/", pages.new_customer, name="new_customer"),
    path("customers/<int:pk>/", pages.customer, name="customer"),
    path("customers/<int:pk>/change/", pages.change_customer, name="change_customer"),
    path("customers/<int:pk>/contacts/new/", pages.new_contact, name="new_contact"),
    path("products/", pages.products, name="products"),
    path("products/new/", pages.new_product, name="new_product"),
    path("products/<int:pk>/", pages.product, name="product"),
    path("products/<int:pk>/change/", pages.change_product, name="change_product"),
]
